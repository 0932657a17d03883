// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ISettlementMain} from "../interfaces/ISettlement.sol";
import {Lists} from "../libraries/Lists.sol";
import {AccountId, FIRST_MEMBER, accountId, backstopAccount} from "../types/AccountId.sol";
import {MARKS_PER_WORD, MarksWord, markOf} from "../types/MarksWord.sol";
import {LANE_ENERGIES, MeteredLane} from "../types/MeteredLane.sol";
import {MeteredWord} from "../types/MeteredWord.sol";
import {
    CHARGED_AT,
    RECEIPTS_AT,
    RESULT_PAYOUT_AT,
    RETURNED_AT,
    toDebt,
    toPayment,
    toResult
} from "../types/PageResult.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {TermsWord} from "../types/TermsWord.sol";
import {Records} from "./Records.sol";

/// Settles positions against final readings, a page of accounts at a time.
abstract contract Pages is Records {
    using Lists for uint256[];

    /// Who waits.
    enum Patience {
        Wait,
        Missing, // only who has readings that never came: anyone may book their default
        None
    }

    /// A page while it is settled. Sums are of this page alone, in cash units and Wh.
    struct Page {
        uint8 area;
        uint8 carrier;
        uint32 period;
        Slot slot;
        uint256 first; // account index of the first result
        uint256[] lanes; // what was metered, from the word of `first` on
        int256 retailTicks;
        int256 feedInTicks;
        bool hasGuarantee;
        Patience patience;
        int256 means; // without a guarantee: what surpluses can be paid from
        int256 cash; // what imbalance earns the backstop, debts included
        uint256 owed; // Σ new debts
        uint256 poolWh;
        uint256 netBoughtWh;
        uint256 settled;
        uint256[] results;
        uint256[] payments;
        uint256[] debts;
    }

    uint256 internal constant MOST_ACCOUNTS = 256;

    /// @inheritdoc ISettlementMain
    function settle(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count) external {
        if (block.timestamp < _endsAt(period)) revert PeriodNotOver(period);
        _settlePage(area, carrier, period, first, count, Patience.Wait);
    }

    /// @inheritdoc ISettlementMain
    function setAside(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count) external {
        _requireFrom(_endsAt(period) + CORRECTIONS_UNTIL);
        bool lapsed = block.timestamp >= _endsAt(period) + HAND_OUT_UNTIL;
        _settlePage(area, carrier, period, first, count, lapsed ? Patience.None : Patience.Missing);
    }

    function _settlePage(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count, Patience patience)
        private
    {
        _requireBounded(count);
        _requireClaimed(_takePeriod(carrier, period).openMarkets, carrier, period);
        Area storage state = _takeArea(area, carrier, period);
        (uint256 from, uint256 to) = _clamp(first, count, state.members);
        Page memory page = _openPage(state, area, carrier, period, from, to);
        page.patience = patience;
        _settleAccounts(page, from, to);
        _closePage(state, page);
    }

    function _requireBounded(uint256 count) internal pure {
        if (count > MOST_ACCOUNTS) revert PageTooLarge(count);
    }

    function _requireClaimed(uint256 openMarkets_, uint8 carrier, uint32 period) internal pure {
        if (openMarkets_ > 0) revert ClaimsOpen(carrier, period, openMarkets_);
    }

    /// The account indices of a page: `from` ≤ index < `to`.
    function _clamp(uint256 first, uint256 count, uint256 members) internal pure returns (uint256 from, uint256 to) {
        uint256 end = FIRST_MEMBER + members;
        from = first < FIRST_MEMBER ? FIRST_MEMBER : first;
        to = first + count < end ? first + count : end;
        if (from > to) from = to;
    }

    /// Where the word of marks that holds `index` ends, at most `to`.
    function _wordEnd(uint256 index, uint256 to) internal pure returns (uint256) {
        return Math.min((index / MARKS_PER_WORD + 1) * MARKS_PER_WORD, to);
    }

    /// What the accounts `from` ≤ index < `to` measured, a MeteredWord each.
    function _metered(uint8 area, uint8 carrier, uint32 period, uint256 from, uint256 to)
        internal
        view
        returns (uint256[] memory)
    {
        return READINGS.metered(area, carrier, period, from, to - from);
    }

    // --- a page -------------------------------------------------------------------------------------------------

    function _openPage(Area storage state, uint8 area, uint8 carrier, uint32 period, uint256 from, uint256 to)
        private
        view
        returns (Page memory page)
    {
        TermsWord terms = _termsOf(area, carrier, period);
        (page.area, page.carrier, page.period, page.first) = (area, carrier, period, from);
        page.slot = _slot(carrier, period);
        page.retailTicks = int256(terms.retailTicks());
        page.feedInTicks = int256(terms.feedInTicks());
        page.hasGuarantee = state.hasGuarantee;
        if (!page.hasGuarantee) page.means = int256(_meansOf(area));
        if (from == to) return page;
        page.lanes = READINGS.meteredLanes(area, carrier, period, from >> 2, ((to - 1) >> 2) - (from >> 2) + 1);
        page.results = new uint256[]((to - from + 1) >> 1);
        page.payments = Lists.make(to - from + 1); // one for the backstop
        page.debts = Lists.make(to - from);
    }

    function _settleAccounts(Page memory page, uint256 from, uint256 to) private {
        for (uint256 index = from; index < to; index = _wordEnd(index, to)) {
            MarksWord before = _marks(Mark.Settled, page.area, page.carrier, page.period, index);
            MarksWord marks = _settleNeighbours(page, before, index, _wordEnd(index, to));
            if (!(marks == before)) _setMarks(Mark.Settled, page.area, page.carrier, page.period, index, marks);
        }
    }

    /// Settles accounts of one word of marks.
    function _settleNeighbours(Page memory page, MarksWord marks, uint256 index, uint256 to)
        private
        returns (MarksWord)
    {
        unchecked {
            uint256 firstWord = page.first >> 2;
            for (uint256 mark = markOf(index); index < to; (mark <<= 1, ++index)) {
                if (marks.has(mark)) continue;
                uint256 lane = page.lanes[(index >> 2) - firstWord] >> ((index & 3) << 6);
                uint256 result = _settleAccount(page, accountId(page.area, index), MeteredLane.wrap(lane));
                if (result == 0) continue;
                marks = marks.with(mark);
                uint256 place = index - page.first;
                page.results[place >> 1] |= result << ((place & 1) << 7);
            }
            return marks;
        }
    }

    /// The account's result; 0 if it waits: for its readings or, without a guarantee, for its backstop.
    function _settleAccount(Page memory page, AccountId account, MeteredLane metered) private returns (uint256) {
        unchecked {
            // Nothing here comes near 256 bits: energies fit 41 bits, ticks 16, money 64.
            PositionWord position = _position(account, page.slot);
            int256 contracted = position.contracted();
            int256 delivered = metered.net();
            int256 value = delivered - contracted;
            value *= value < 0 ? page.retailTicks : page.feedInTicks;
            if (!metered.isFinal() || !_isCovered(page, value)) {
                if (_waits(page, metered.toWord())) return 0;
                value = _putAside(page, account, metered.toWord(), contracted, value);
            }
            if (contracted < 0) page.netBoughtWh += uint256(-contracted);
            else if (delivered > 0) page.poolWh += uint256(delivered < contracted ? delivered : contracted);
            page.cash -= value;
            ++page.settled;
            int256 payout = _pay(page, account, int256(position.received()) + value, int256(position.locked()));
            return toResult(MeteredLane.unwrap(metered) & LANE_ENERGIES, payout);
        }
    }

    function _waits(Page memory page, MeteredWord metered) private pure returns (bool) {
        if (page.patience == Patience.Missing) return metered.isMissing();
        return page.patience == Patience.Wait;
    }

    /// Settles the account as its readings stand; what may change about it is kept outside the ring, and so is what its
    /// backstop can't pay: then its money is settled as if it had no imbalance. Returns what its imbalance is worth for now.
    function _putAside(Page memory page, AccountId account, MeteredWord metered, int256 contracted, int256 value)
        private
        returns (int256)
    {
        bool isCovered = _isCovered(page, value);
        uint256 balanced = contracted < 0 ? uint256(-contracted) : uint256(contracted) << 40;
        _keep(account, page.carrier, page.period, isCovered ? metered.energies() : balanced, metered.energies());
        emit SetAside(account, page.carrier, page.period);
        return isCovered ? value : int256(0);
    }

    /// With a guarantee the pot never runs short; without one, surplus is paid from the backstop's free balance.
    function _isCovered(Page memory page, int256 value) private pure returns (bool) {
        return page.hasGuarantee || value <= 0 || value <= page.means + page.cash - int256(page.owed);
    }

    /// Receipts repay debt first, a returned lock doesn't. What is short comes first from the lock, then from the balance; the
    /// rest is owed. The vault pays and charges at the page's end.
    function _pay(Page memory page, AccountId account, int256 due, int256 locked) private returns (int256 payout) {
        unchecked {
            // As above.
            payout = due + locked;
            uint256 payment;
            if (due >= 0) payment = (uint256(due) << RECEIPTS_AT) | (uint256(locked) << RETURNED_AT);
            else if (payout >= 0) payment = uint256(payout) << RETURNED_AT;
            else if (page.hasGuarantee) payment = uint256(-payout) << CHARGED_AT;
            else return _chargeNow(page, account, uint256(-payout));
            if (payment != 0) page.payments.push(AccountId.unwrap(account) | payment);
        }
    }

    /// Without a guarantee what is taken pays the next surplus.
    function _chargeNow(Page memory page, AccountId account, uint256 short) private returns (int256 payout) {
        uint256 taken = _charge(account, _potKey(page.carrier, page.period), short);
        if (taken < short) _noteDebt(page, account, short - taken);
        return -int256(taken);
    }

    function _noteDebt(Page memory page, AccountId account, uint256 amount) private pure {
        unchecked {
            page.owed += amount; // 256 accounts of 64 bits
        }
        page.debts.push(toDebt(account, amount));
    }

    // --- closing it ---------------------------------------------------------------------------------------------

    function _closePage(Area storage state, Page memory page) private {
        if (page.settled > 0) {
            if (!page.hasGuarantee) _squareBackstop(page);
            _payPage(page);
            _addUp(state, page);
            emit PageSettled(page.area, page.carrier, page.period, page.first, page.results, page.debts);
        }
        if (state.settled == state.members && !state.finished) _finishArea(state, page);
    }

    /// Without a guarantee every page is squared with the backstop's free balance.
    function _squareBackstop(Page memory page) private {
        int256 amount;
        unchecked {
            amount = page.cash - int256(page.owed); // sums of a page
        }
        if (amount == 0) return;
        emit BackstopSquared(page.area, page.carrier, page.period, amount);
        AccountId backstop = backstopAccount(page.area);
        if (amount > 0) page.payments.push(toPayment(backstop, 0, uint256(amount)));
        else _charge(backstop, _potKey(page.carrier, page.period), uint256(-amount));
    }

    /// A step of its own, so that the demo can compile a Settlement with one wrong line.
    function _payPage(Page memory page) internal virtual {
        if (page.payments.length == 0) return;
        uint256[] memory owed = _payMany(_potKey(page.carrier, page.period), page.payments);
        unchecked {
            // Whoever is paid is of the page, and owes at most what its result says that it pays.
            for (uint256 i; i < owed.length; ++i) {
                if (owed[i] == 0) continue;
                AccountId account = AccountId.wrap(uint24(page.payments[i]));
                _noteDebt(page, account, owed[i]);
                uint256 place = account.index() - page.first;
                // What wasn't taken isn't paid.
                page.results[place >> 1] -= owed[i] << (RESULT_PAYOUT_AT + ((place & 1) << 7));
            }
        }
    }

    function _addUp(Area storage state, Page memory page) private {
        unchecked {
            // 2^16 accounts an area, energies of 41 bits and money of 64: every sum fits its field.
            state.settled += uint16(page.settled);
            state.poolWh += uint64(page.poolWh);
            if (page.netBoughtWh > 0) {
                _takePeriod(page.carrier, page.period).netBoughtWh += uint64(page.netBoughtWh);
            }
            Backstop storage backstop = _takeBackstop(page.area, page.carrier, page.period);
            if (page.hasGuarantee) backstop.fund += int96(page.cash - int256(page.owed));
            backstop.cash += int96(page.cash);
        }
    }

    /// With a guarantee the backstop takes what is its own when the last account has settled.
    function _finishArea(Area storage state, Page memory page) private {
        state.finished = true;
        --_takePeriod(page.carrier, page.period).openAreas;
        int256 left;
        if (page.hasGuarantee) {
            left = int256(uint256(state.guarantee)) + _takeBackstop(page.area, page.carrier, page.period).fund;
        }
        emit AreaSettled(page.area, page.carrier, page.period, left > 0 ? uint256(left) : 0);
        if (left > 0) _release(backstopAccount(page.area), page.carrier, page.period, uint256(left));
    }
}
