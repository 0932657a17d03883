// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";
import {MeteredWord} from "../types/MeteredWord.sol";
import {SettlementState} from "./SettlementState.sol";

/// What is kept of an account's period outside the ring, because its money isn't final: it was settled with other energies than
/// are known by now or may be decided yet, or its backstop can't pay it. It waits as long as it must and holds up nobody.
abstract contract Records is SettlementState {
    /// Energies as in a MeteredWord: importWh 40 | exportWh 40.
    struct Record {
        uint80 settled; // what its money was settled with
        uint80 known; // what its money is to be settled with, as far as known
        int40 contractedWh;
        bool isKept;
        bool isOpen; // counted among the period's open corrections
        uint80 certified; // what its certificates count
    }

    mapping(uint256 accountPeriod => Record) private _records;

    function _record(AccountId account, uint8 carrier, uint32 period) internal view returns (Record storage) {
        return _records[(uint256(AccountId.unwrap(account)) << 40) | (uint256(carrier) << 32) | period];
    }

    /// Keeps that the account's money was settled with `settled`, and that `known` is metered.
    function _keep(AccountId account, uint8 carrier, uint32 period, uint256 settled, uint256 known) internal {
        Record storage record = _record(account, carrier, period);
        record.isKept = true;
        record.contractedWh = int40(_position(account, carrier, period).contracted());
        (record.settled, record.known, record.certified) = (uint80(settled), uint80(known), uint80(known));
    }

    /// What an account's certificates count: what was kept of it, else what is metered.
    function _certified(AccountId account, uint8 carrier, uint32 period, MeteredWord metered)
        internal
        view
        returns (MeteredWord)
    {
        Record storage record = _record(account, carrier, period);
        return record.isKept ? MeteredWord.wrap(record.certified) : metered;
    }

    function _correctionsOver(uint32 period) internal view returns (bool) {
        return block.timestamp >= _endsAt(period) + CORRECTIONS_UNTIL;
    }
}
