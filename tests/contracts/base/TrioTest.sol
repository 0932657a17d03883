// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../../contracts/types/AccountId.sol";
import {SettlementTest} from "./SettlementTest.sol";

/// Ana, Ben and Cem, funded and with a metering point each.
abstract contract TrioTest is SettlementTest {
    AccountId internal ana;
    AccountId internal ben;
    AccountId internal cem;

    function setUp() public virtual override {
        super.setUp();
        (ana, ben, cem) = (join(ANA), join(BEN), join(CEM));
    }
}
