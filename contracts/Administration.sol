// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// Who may do what, apart from participants' own actions. Hot calls between our contracts never ask it.
contract Administration is AccessManager {
    /// Admits gateways and points, opens areas, connects contracts, revokes venues.
    uint64 public constant OPERATOR = 1;
    /// Halts and voids markets, suspends accounts, revokes admissions.
    uint64 public constant REGULATOR = 2;
    /// Schedules tariffs, levies, capacities and connections.
    uint64 public constant GRID_OPERATOR = 3;
    /// Opens accounts in the vault, tells GridOversight the points' limits and revocations; held by Registry alone.
    uint64 public constant VAULT_REGISTRY = 4;
    /// Closes pots to new locks; held by GridOversight alone.
    uint64 public constant VAULT_OVERSIGHT = 5;

    /// Changes what accounts may do in the vault; held by Registry and GridOversight.
    uint64 public constant VAULT_RIGHTS = 6;
    /// Corrects measured readings.
    uint64 public constant CORRECTOR = 7;
    /// Grants venues their rights: after go-live each call is scheduled seven days before, in everybody's sight. Taking a right
    /// away is the operator's, at once.
    uint64 public constant VENUE_GRANTOR = 8;

    constructor(address admin) AccessManager(admin) {}
}
