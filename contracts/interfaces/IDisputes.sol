// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";

enum DisputeState {
    None,
    Open,
    Upheld,
    Rejected,
    Expired // nobody decided in time: the reading stands
}

/// A member's word against one reading of its own points, bonded, decided by the grid operator. Registers are kept modulo 2^28.
/// The member names the registers that it holds to be true, and the decision lies between those and the reading: a dispute can
/// make the reading neither worse for the member than it was nor better than the member claimed, whoever decides. Both
/// neighbouring periods stay within the connection's limits. While a dispute is open only its account waits.
interface IDisputes {
    event DisputeFiled(
        uint24 indexed point,
        uint32 indexed period,
        AccountId indexed account,
        uint256 importRegister,
        uint256 exportRegister,
        uint256 decideUntil
    );
    event DisputeDecided(
        uint24 indexed point,
        uint32 indexed period,
        AccountId indexed account,
        bool upheld,
        uint256 importRegister,
        uint256 exportRegister
    );
    event DisputeExpired(uint24 indexed point, uint32 indexed period, AccountId indexed account);

    error NotAccountOwner(AccountId account, address caller);
    error TooEarly(uint256 from);
    error TooLate(uint256 until);
    /// One reading is disputed once.
    error DisputedBefore(uint24 point, uint32 period);
    /// Nobody filed it, or it has ended.
    error DisputeNotOpen(uint24 point, uint32 period);
    /// The claim is the reading itself, or further from it than the connection's limit of one period.
    error ClaimUnusable(uint24 point, uint32 period);
    /// The decision lies neither between the reading and the claim nor on the reading as it stands.
    error DecisionOutOfBounds(uint24 point, uint32 period);

    // --- by the account's owner ---------------------------------------------------------------------------------

    /// Disputes the registers of one's own point at the end of `period`, locking the bond. Until `disputableUntil`.
    function fileDispute(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister) external;

    // --- by the grid operator -----------------------------------------------------------------------------------

    /// Decides an open dispute before `decidableUntil`. Registers other than the disputed ones uphold it: the reading is corrected and
    /// the bond returns. The disputed ones reject it: the bond goes to the area's fee account.
    function decideDispute(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister) external;

    // --- by anyone ----------------------------------------------------------------------------------------------

    /// From `decidableUntil` on: the reading stands and the bond returns, since nobody found the member wrong.
    function expireDispute(uint24 point, uint32 period) external;

    // --- views --------------------------------------------------------------------------------------------------

    struct Dispute {
        AccountId account;
        DisputeState state;
        uint32 importRegister; // as they stood when they were disputed
        uint32 exportRegister;
        uint32 importClaimed;
        uint32 exportClaimed;
    }

    /// Cash units that a dispute locks.
    function bond() external view returns (uint256);
    /// State None if nobody disputed the reading. It stays when the dispute has ended.
    function disputeOf(uint24 point, uint32 period) external view returns (Dispute memory);
    /// UTC second from which a reading can't be disputed any more: halfway between the substitute and the correction deadline.
    function disputableUntil(uint32 period) external view returns (uint256);
    /// UTC second from which an open dispute can't be decided any more: the correction deadline. What comes after corrections, the
    /// certificates, stands on what nobody can change.
    function decidableUntil(uint32 period) external view returns (uint256);
}
