// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementExtension} from "../interfaces/ISettlement.sol";
import {Lists} from "../libraries/Lists.sol";
import {AccountId} from "../types/AccountId.sol";
import {MeteredWord} from "../types/MeteredWord.sol";
import {toPayment} from "../types/PageResult.sol";
import {TermsWord} from "../types/TermsWord.sol";
import {Paging} from "./Paging.sol";
import {Records} from "./Records.sol";

/// What changes after an account has settled: only the difference is settled, with the backstop's free balance, so that no
/// other account of the period is touched. Kept outside the ring: a difference waits as long as it must.
abstract contract Corrections is ISettlementExtension, Paging, Records {
    using Lists for uint256[];

    modifier onlyReadings() {
        _requireReadings();
        _;
    }

    function _requireReadings() private view {
        if (msg.sender != address(READINGS)) revert NotReadings(msg.sender);
    }

    // --- readings -----------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlementExtension
    function noteCorrection(AccountId account, uint8 carrier, uint32 period) external onlyReadings {
        Record storage record = _record(account, carrier, period);
        if (!record.isKept) {
            if (!_isMarked(Mark.Settled, account, carrier, period)) return;
            uint256 energies = _meteredNow(account, carrier, period).energies();
            _keep(account, carrier, period, energies, energies);
        }
        // Later ones no longer change what certificates count.
        if (record.isOpen || _correctionsOver(period)) return;
        record.isOpen = true;
        ++_takePeriod(carrier, period).openCorrections;
        emit CorrectionNoted(account, carrier, period);
    }

    // --- by anyone ----------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlementExtension
    function settleCorrection(AccountId account, uint8 carrier, uint32 period) external {
        Record storage record = _record(account, carrier, period);
        if (!record.isKept) revert NothingToCorrect(account, period);
        MeteredWord now_ = _meteredNow(account, carrier, period);
        if (!now_.isFinal() && !_correctionsOver(period)) revert ReadingsNotFinal(account, period);
        if (record.isOpen) _count(record, account, carrier, period, uint80(now_.energies()));
        if (now_.isFinal()) record.known = uint80(now_.energies());
        if (record.known != record.settled) _settleKnown(record, account, carrier, period);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlementExtension
    function correctionOf(AccountId account, uint8 carrier, uint32 period)
        external
        view
        returns (CorrectionView memory)
    {
        Record storage record = _record(account, carrier, period);
        MeteredWord settled = MeteredWord.wrap(record.settled);
        MeteredWord known = MeteredWord.wrap(record.known);
        return CorrectionView({
            noted: record.isKept,
            open: record.isOpen,
            settledImportWh: settled.importWh(),
            settledExportWh: settled.exportWh(),
            knownImportWh: known.importWh(),
            knownExportWh: known.exportWh()
        });
    }

    // --- steps --------------------------------------------------------------------------------------------------

    /// Certificates count what is known by now.
    function _count(Record storage record, AccountId account, uint8 carrier, uint32 period, uint80 energies) private {
        Area storage area = _takeArea(account.area(), carrier, period);
        uint256 before = _soldAndDelivered(record.contractedWh, record.certified);
        area.poolWh = uint64(area.poolWh + _soldAndDelivered(record.contractedWh, energies) - before);
        (record.certified, record.isOpen) = (energies, false);
        --_takePeriod(carrier, period).openCorrections;
    }

    /// Settles the difference between what is known and what was settled, unless the backstop can't pay it yet.
    function _settleKnown(Record storage record, AccountId account, uint8 carrier, uint32 period) private {
        int256 due = _valueOf(account, carrier, period, record.contractedWh, record.known)
            - _valueOf(account, carrier, period, record.contractedWh, record.settled);
        uint256 means = _meansOf(account.area());
        if (due > int256(means)) {
            emit CorrectionUnfunded(account, carrier, period, uint256(due), means);
            return;
        }
        record.settled = record.known;
        _noteBackstopCash(account.area(), carrier, period, -due);
        (int256 payout, uint256 debt) = _payDifference(account, _potKey(carrier, period), due);
        MeteredWord known = MeteredWord.wrap(record.known);
        emit CorrectionSettled(account, carrier, period, known.importWh(), known.exportWh(), payout, debt);
    }

    /// What is due to or, negative, from the account passes between it and its backstop; what neither its balance pays is owed.
    function _payDifference(AccountId account, uint96 potKey, int256 due)
        internal
        returns (int256 payout, uint256 debtAdded)
    {
        if (due == 0) return (0, 0);
        uint256[] memory payments = Lists.make(1);
        if (due > 0) {
            _charge(account.backstop(), potKey, uint256(due));
            payments.push(toPayment(account, uint256(due), 0));
            payout = due;
        } else {
            uint256 taken = _charge(account, potKey, uint256(-due));
            payments.push(toPayment(account.backstop(), 0, taken));
            (payout, debtAdded) = (-int256(taken), uint256(-due) - taken);
        }
        _payMany(potKey, payments);
    }

    // --- asking -------------------------------------------------------------------------------------------------

    function _meteredNow(AccountId account, uint8 carrier, uint32 period) private view returns (MeteredWord) {
        uint256 index = account.index();
        return MeteredWord.wrap(_metered(account.area(), carrier, period, index, index + 1)[0]);
    }

    /// What an imbalance is worth to the account.
    function _valueOf(AccountId account, uint8 carrier, uint32 period, int256 contractedWh, uint80 energies)
        private
        view
        returns (int256)
    {
        TermsWord terms = _termsOf(account.area(), carrier, period);
        int256 imbalance = MeteredWord.wrap(energies).net() - contractedWh;
        return imbalance * int256(imbalance < 0 ? terms.retailTicks() : terms.feedInTicks());
    }

    /// A net seller's min(contracted, deliverable).
    function _soldAndDelivered(int256 contractedWh, uint80 energies) private pure returns (uint256) {
        if (contractedWh <= 0) return 0;
        uint256 deliverable = MeteredWord.wrap(energies).deliverable();
        return deliverable < uint256(contractedWh) ? deliverable : uint256(contractedWh);
    }
}
