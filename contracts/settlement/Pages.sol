// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ISettlement} from "../interfaces/ISettlement.sol";
import {Lists} from "../libraries/Lists.sol";
import {AccountId, FIRST_MEMBER, accountId, backstopAccount} from "../types/AccountId.sol";
import {MARKS_PER_WORD, MarksWord, markOf} from "../types/MarksWord.sol";
import {MeteredWord} from "../types/MeteredWord.sol";
import {settledResult, toPayment, waitingResult} from "../types/PageResult.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {Terms} from "../types/Terms.sol";
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
        uint256 first; // account index of `metered[0]`
        uint256[] metered;
        int256 retailTicks;
        int256 feedInTicks;
        bool hasGuarantee;
        Patience patience;
        int256 means; // without a guarantee: what surpluses can be paid from
        int256 fund; // what the backstop's part of the pot gains
        int256 cash; // what imbalance earns the backstop, debts included
        uint256 poolWh;
        uint256 netBoughtWh;
        uint256 settled;
        uint256[] results;
        uint256[] payments;
    }

    uint256 internal constant MOST_ACCOUNTS = 256;

    /// @inheritdoc ISettlement
    function settle(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count) external {
        if (block.timestamp < _endsAt(period)) revert PeriodNotOver(period);
        _settlePage(area, carrier, period, first, count, Patience.Wait);
    }

    /// @inheritdoc ISettlement
    function setAside(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count) external {
        uint256 from = _endsAt(period) + CORRECTIONS_UNTIL;
        if (block.timestamp < from) revert TooEarly(from);
        bool lapsed = block.timestamp >= _endsAt(period) + HAND_OUT_UNTIL;
        _settlePage(area, carrier, period, first, count, lapsed ? Patience.None : Patience.Missing);
    }

    function _settlePage(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count, Patience patience)
        private
    {
        if (count > MOST_ACCOUNTS) revert PageTooLarge(count);
        _requireClaimed(_takePeriod(carrier, period).openMarkets, carrier, period);
        Area storage state = _takeArea(area, carrier, period);
        (uint256 from, uint256 to) = _clamp(first, count, state.members);
        Page memory page = _openPage(state, area, carrier, period, from, to);
        page.patience = patience;
        _settleAccounts(page, from, to);
        _closePage(state, page);
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
        Terms memory terms = _termsOf(area, carrier, period);
        (page.area, page.carrier, page.period, page.first) = (area, carrier, period, from);
        page.slot = _slot(carrier, period);
        page.retailTicks = int256(uint256(terms.retailTicks));
        page.feedInTicks = int256(uint256(terms.feedInTicks));
        page.hasGuarantee = state.hasGuarantee;
        if (!page.hasGuarantee) page.means = int256(uint256(VAULT.balanceOf(backstopAccount(area))));
        page.metered = _metered(area, carrier, period, from, to);
        page.results = Lists.make(to - from);
        page.payments = Lists.make(to - from + 1); // one for the backstop
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
        for (uint256 mark = markOf(index); index < to; mark <<= 1) {
            if (!marks.has(mark) && _settleAccount(page, index)) marks = marks.with(mark);
            ++index;
        }
        return marks;
    }

    /// False for an account that waits: for its readings or, without a guarantee, for its backstop.
    function _settleAccount(Page memory page, uint256 index) private returns (bool) {
        unchecked {
            // Nothing here comes near 256 bits: energies fit 41 bits, ticks 16, money 64.
            AccountId account = accountId(page.area, index);
            MeteredWord metered = MeteredWord.wrap(page.metered[index - page.first]);
            PositionWord position = _position(account, page.slot);
            int256 contracted = position.contracted();
            int256 delivered = metered.net();
            int256 imbalance = delivered - contracted;
            int256 value = imbalance * (imbalance < 0 ? page.retailTicks : page.feedInTicks);
            if (!metered.isFinal() || !_isCovered(page, value)) {
                if (_waits(page, metered)) {
                    page.results.push(waitingResult(account));
                    return false;
                }
                value = _putAside(page, account, metered, contracted, value);
            }
            if (contracted < 0) page.netBoughtWh += uint256(-contracted);
            else if (delivered > 0) page.poolWh += uint256(delivered < contracted ? delivered : contracted);
            page.cash -= value;
            ++page.settled;
            _pay(page, account, metered, position, value);
            return true;
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
        return page.hasGuarantee || value <= 0 || value <= page.means + page.fund;
    }

    /// Settles an account's money. What is short comes first from its lock, then from its balance; the rest is owed.
    function _pay(Page memory page, AccountId account, MeteredWord metered, PositionWord position, int256 value)
        private
    {
        unchecked {
            // As above.
            int256 locked = int256(position.locked());
            int256 due = int256(position.received()) + value;
            int256 payout;
            uint256 debt;
            if (due >= 0) payout = _payOut(page, account, _receipts(page, uint256(due)), uint256(locked));
            else if (due + locked >= 0) payout = _payOut(page, account, 0, uint256(due + locked));
            else (payout, debt) = _payShort(page, account, uint256(-due - locked));
            page.fund += due - value + locked - payout;
            page.results.push(settledResult(account, metered, payout, debt));
        }
    }

    /// Receipts repay debt first, a returned lock doesn't. The vault pays at the page's end.
    function _payOut(Page memory page, AccountId account, uint256 receipts, uint256 returned)
        private
        pure
        returns (int256 payout)
    {
        payout = int256(receipts + returned);
        if (payout != 0) page.payments.push(toPayment(account, receipts, returned));
    }

    function _payShort(Page memory page, AccountId account, uint256 short)
        private
        returns (int256 payout, uint256 debt)
    {
        uint256 taken = _charge(account, page.carrier, page.period, short);
        return (-int256(taken), short - taken);
    }

    /// What an account gets to which `due` is due. A step of its own, so that the demo can compile a Settlement with one wrong
    /// line.
    function _receipts(Page memory, uint256 due) internal pure virtual returns (uint256) {
        return due;
    }

    // --- closing it ---------------------------------------------------------------------------------------------

    function _closePage(Area storage state, Page memory page) private {
        if (page.results.length > 0) {
            _addUp(state, page);
            emit PageSettled(page.area, page.carrier, page.period, page.results);
        }
        _squareBackstop(state, page);
        if (page.payments.length > 0) VAULT.payMany(_potKey(page.carrier, page.period), page.payments);
    }

    function _addUp(Area storage state, Page memory page) private {
        state.settled += uint16(page.settled);
        state.poolWh += uint64(page.poolWh);
        if (page.netBoughtWh > 0) {
            _takePeriod(page.carrier, page.period).netBoughtWh += uint64(page.netBoughtWh);
        }
        Backstop storage backstop = _takeBackstop(page.area, page.carrier, page.period);
        if (page.hasGuarantee) backstop.fund += int96(page.fund);
        backstop.cash += int96(page.cash);
    }

    /// With a guarantee the backstop takes what is its own when the last account has settled; without one, every page is
    /// squared with its free balance.
    function _squareBackstop(Area storage state, Page memory page) private {
        AccountId backstop = backstopAccount(page.area);
        int256 amount = page.hasGuarantee ? int256(0) : page.fund;
        if (amount != 0) emit BackstopSquared(page.area, page.carrier, page.period, amount);
        if (state.settled == state.members && !state.finished) amount += _finishArea(state, page);
        if (amount > 0) page.payments.push(toPayment(backstop, 0, uint256(amount)));
        if (amount < 0) _charge(backstop, page.carrier, page.period, uint256(-amount));
    }

    /// Returns what is left of the guarantee.
    function _finishArea(Area storage state, Page memory page) private returns (int256 left) {
        state.finished = true;
        --_takePeriod(page.carrier, page.period).openAreas;
        if (page.hasGuarantee) {
            Backstop storage backstop = _takeBackstop(page.area, page.carrier, page.period);
            left = int256(uint256(state.guarantee)) + backstop.fund;
        }
        emit AreaSettled(page.area, page.carrier, page.period, left > 0 ? uint256(left) : 0);
    }
}
