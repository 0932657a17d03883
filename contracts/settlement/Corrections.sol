// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {AccountId} from "../types/AccountId.sol";
import {MeteredWord} from "../types/MeteredWord.sol";
import {toPayment} from "../types/PageResult.sol";
import {Terms} from "../types/Terms.sol";
import {Pages} from "./Pages.sol";

/// What changes after an account has settled: only the difference is settled, with the backstop's free balance, so that no
/// other account of the period is touched. Kept outside the ring: a difference waits as long as it must.
abstract contract Corrections is Pages {
    /// An account's (carrier, period) that was settled with other energies than are known by now, or may be. Energies as in a
    /// MeteredWord.
    struct Correction {
        uint80 settled; // what its money was settled with
        uint80 known; // what its money is to be settled with, as far as known
        int40 contractedWh;
        bool isKept;
        bool isOpen; // counted among the period's open corrections
        uint80 certified; // what its certificates count
    }

    mapping(uint256 accountPeriod => Correction) private _corrections;

    modifier onlyReadings() {
        if (msg.sender != address(READINGS)) revert NotReadings(msg.sender);
        _;
    }

    // --- readings -----------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlement
    function noteCorrection(AccountId account, uint8 carrier, uint32 period) external onlyReadings {
        Correction storage correction = _correction(account, carrier, period);
        if (!correction.isKept) {
            if (!hasSettled(account, carrier, period)) return;
            _keep(correction, account, carrier, period);
        }
        // Later ones no longer change what certificates count.
        if (correction.isOpen || _correctionsOver(period)) return;
        correction.isOpen = true;
        ++_takePeriod(carrier, period).openCorrections;
        emit CorrectionNoted(account, carrier, period);
    }

    // --- by anyone ----------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlement
    function settleCorrection(AccountId account, uint8 carrier, uint32 period) external {
        Correction storage correction = _correction(account, carrier, period);
        if (!correction.isKept) revert NothingToCorrect(account, period);
        MeteredWord now_ = _meteredNow(account, carrier, period);
        if (!now_.isFinal() && !_correctionsOver(period)) revert ReadingsNotFinal(account, period);
        if (correction.isOpen) _count(correction, account, carrier, period, uint80(now_.energies()));
        if (now_.isFinal()) correction.known = uint80(now_.energies());
        if (correction.known != correction.settled) _settleKnown(correction, account, carrier, period);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlement
    function correctionOf(AccountId account, uint8 carrier, uint32 period)
        external
        view
        returns (CorrectionView memory)
    {
        Correction storage correction = _correction(account, carrier, period);
        MeteredWord settled = MeteredWord.wrap(correction.settled);
        MeteredWord known = MeteredWord.wrap(correction.known);
        return CorrectionView({
            noted: correction.isKept,
            open: correction.isOpen,
            settledImportWh: settled.importWh(),
            settledExportWh: settled.exportWh(),
            knownImportWh: known.importWh(),
            knownExportWh: known.exportWh()
        });
    }

    // --- steps --------------------------------------------------------------------------------------------------

    /// The account has been settled with what is metered now.
    function _keep(Correction storage correction, AccountId account, uint8 carrier, uint32 period) private {
        uint80 energies = uint80(_meteredNow(account, carrier, period).energies());
        correction.isKept = true;
        correction.contractedWh = int40(_position(account, carrier, period).contracted());
        (correction.settled, correction.known, correction.certified) = (energies, energies, energies);
    }

    /// Certificates count what is known by now.
    function _count(Correction storage correction, AccountId account, uint8 carrier, uint32 period, uint80 energies)
        private
    {
        Area storage area = _takeArea(account.area(), carrier, period);
        uint256 before = _soldAndDelivered(correction.contractedWh, correction.certified);
        area.poolWh = uint64(area.poolWh + _soldAndDelivered(correction.contractedWh, energies) - before);
        (correction.certified, correction.isOpen) = (energies, false);
        --_takePeriod(carrier, period).openCorrections;
    }

    /// Settles the difference between what is known and what was settled, unless the backstop can't pay it yet.
    function _settleKnown(Correction storage correction, AccountId account, uint8 carrier, uint32 period) private {
        int256 due = _valueOf(account, carrier, period, correction.contractedWh, correction.known)
            - _valueOf(account, carrier, period, correction.contractedWh, correction.settled);
        uint256 means = VAULT.balanceOf(account.backstop());
        if (due > int256(means)) {
            emit CorrectionUnfunded(account, carrier, period, uint256(due), means);
            return;
        }
        correction.settled = correction.known;
        _noteBackstopCash(account.area(), carrier, period, -due);
        (int256 payout, uint256 debt) = _payDifference(account, _potKey(carrier, period), due);
        MeteredWord known = MeteredWord.wrap(correction.known);
        emit CorrectionSettled(account, carrier, period, known.importWh(), known.exportWh(), payout, debt);
    }

    /// What is due to or, negative, from the account passes between it and its backstop; what neither its balance pays is owed.
    function _payDifference(AccountId account, uint96 potKey, int256 due)
        internal
        returns (int256 payout, uint256 debtAdded)
    {
        if (due == 0) return (0, 0);
        uint256[] memory payments = new uint256[](1);
        if (due > 0) {
            VAULT.charge(account.backstop(), potKey, uint256(due));
            payments[0] = toPayment(account, uint256(due), 0);
            payout = due;
        } else {
            uint256 taken = VAULT.charge(account, potKey, uint256(-due));
            payments[0] = toPayment(account.backstop(), 0, taken);
            (payout, debtAdded) = (-int256(taken), uint256(-due) - taken);
        }
        VAULT.payMany(potKey, payments);
    }

    // --- asking -------------------------------------------------------------------------------------------------

    /// What an account's certificates count: what it was corrected to in time, else what is metered.
    function _certified(AccountId account, uint8 carrier, uint32 period, MeteredWord metered)
        internal
        view
        returns (MeteredWord)
    {
        Correction storage correction = _correction(account, carrier, period);
        return correction.isKept ? MeteredWord.wrap(correction.certified) : metered;
    }

    function _correctionsOver(uint32 period) internal view returns (bool) {
        return block.timestamp >= _endsAt(period) + CORRECTIONS_UNTIL;
    }

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
        Terms memory terms = _termsOf(account.area(), carrier, period);
        int256 imbalance = MeteredWord.wrap(energies).net() - contractedWh;
        return imbalance * int256(uint256(imbalance < 0 ? terms.retailTicks : terms.feedInTicks));
    }

    /// A net seller's min(contracted, deliverable).
    function _soldAndDelivered(int256 contractedWh, uint80 energies) private pure returns (uint256) {
        if (contractedWh <= 0) return 0;
        uint256 deliverable = MeteredWord.wrap(energies).deliverable();
        return deliverable < uint256(contractedWh) ? deliverable : uint256(contractedWh);
    }

    function _correction(AccountId account, uint8 carrier, uint32 period) private view returns (Correction storage) {
        return _corrections[(uint256(AccountId.unwrap(account)) << 40) | (uint256(carrier) << 32) | period];
    }
}
