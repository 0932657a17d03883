// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementMain} from "../interfaces/ISettlement.sol";
import {Lists} from "../libraries/Lists.sol";
import {AccountId, accountId, backstopAccount} from "../types/AccountId.sol";
import {MarksWord, markOf} from "../types/MarksWord.sol";
import {MeteredLane} from "../types/MeteredLane.sol";
import {MeteredWord} from "../types/MeteredWord.sol";
import {CHARGED_AT, PageResults, RECEIPTS_AT, RETURNED_AT, toDebt, toPayment} from "../types/PageResult.sol";
import {PageSums} from "../types/PageSums.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {TermsWord} from "../types/TermsWord.sol";
import {Page, Patience, UsualAccounts} from "./Page.sol";
import {Paging} from "./Paging.sol";
import {Records} from "./Records.sol";

/// Settles positions against final readings, a page of accounts at a time.
abstract contract Pages is ISettlementMain, Paging, Records {
    using Lists for uint256[];
    using PageResults for uint256[];

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

    /// What accounts measured, in lanes of words, as they were answered: nothing is copied.
    function _meteredLanes(uint8 area, uint8 carrier, uint32 period, uint256 firstWord, uint256 words)
        private
        view
        returns (uint256[] memory)
    {
        bytes memory question = abi.encodeCall(READINGS.meteredLanes, (area, carrier, period, firstWord, words));
        return Lists.ask(address(READINGS), question);
    }

    // --- a page -------------------------------------------------------------------------------------------------

    function _openPage(Area storage state, uint8 area, uint8 carrier, uint32 period, uint256 from, uint256 to)
        private
        view
        returns (Page memory page)
    {
        TermsWord terms = _termsOf(area, carrier, period);
        (page.area, page.carrier, page.period, page.first) = (area, carrier, period, from);
        (page.positionsAt, page.tag) = (_positionsAt(carrier, period), _tagOf(period));
        (page.retailTicks, page.feedInTicks) = (int256(terms.retailTicks()), int256(terms.feedInTicks()));
        page.hasGuarantee = state.hasGuarantee;
        if (!page.hasGuarantee) page.means = int256(_meansOf(area));
        if (from < to) _makeLists(page, from, to);
    }

    function _makeLists(Page memory page, uint256 from, uint256 to) private view {
        uint256 account = AccountId.unwrap(accountId(page.area, from));
        uint256 words = ((to - 1) >> 2) - (from >> 2) + 1;
        uint256[] memory lanes = _meteredLanes(page.area, page.carrier, page.period, from >> 2, words);
        page.payments = Lists.make(to - from + 1); // one for the backstop
        (page.results, page.debts) = PageResults.make(to - from);
        page.nextPayment = page.payments.start();
        unchecked {
            page.lanesAt = lanes.start() - (account >> 2 << 5);
            page.resultsAt = page.results.start() - (account << 4);
        }
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
        uint256 firstAccount = AccountId.unwrap(accountId(page.area, 0));
        bool isUsual = page.hasGuarantee && marks.hasNone(index, to);
        while (index < to) {
            if (isUsual) {
                uint256 stopped = UsualAccounts.settle(page, firstAccount + index, firstAccount + to) - firstAccount;
                (marks, index) = (marks.withRange(index, stopped), stopped);
                if (index == to) break;
            }
            uint256 mark = markOf(index);
            if (!marks.has(mark) && _settleAccount(page, accountId(page.area, index))) marks = marks.with(mark);
            ++index;
        }
        return marks;
    }

    /// False if the account waits: for its readings or, without a guarantee, for its backstop.
    function _settleAccount(Page memory page, AccountId account) private returns (bool) {
        unchecked {
            // Nothing here comes near 256 bits: energies fit 41 bits, ticks 16, money 64.
            MeteredLane metered = _laneOf(page, account);
            PositionWord position = _position(account, page.carrier, page.period);
            (int256 contracted, int256 delivered) = (position.contracted(), metered.net());
            int256 value = delivered - contracted;
            value *= value < 0 ? page.retailTicks : page.feedInTicks;
            bool isCovered = _isCovered(page, value);
            if (!metered.isFinal() || !isCovered) {
                if (_waits(page, metered.toWord())) return false;
                _putAside(page, account, metered.toWord(), contracted, isCovered);
                if (!isCovered) value = 0;
            }
            page.sums = page.sums.plus(contracted, delivered, value);
            int256 payout = _pay(page, account, int256(position.received()) + value, int256(position.locked()));
            PageResults.put(page.resultsAt + (uint256(AccountId.unwrap(account)) << 4), metered, payout);
            return true;
        }
    }

    function _laneOf(Page memory page, AccountId account) private pure returns (MeteredLane metered) {
        uint256 lanesAt = page.lanesAt;
        assembly ("memory-safe") {
            metered := shr(mul(and(account, 3), 60), mload(add(lanesAt, shl(5, shr(2, account)))))
        }
    }

    function _waits(Page memory page, MeteredWord metered) private pure returns (bool) {
        if (page.patience == Patience.Missing) return metered.isMissing();
        return page.patience == Patience.Wait;
    }

    /// Settles the account as its readings stand; what may change about it is kept outside the ring, and so is what its
    /// backstop can't pay: then its money is settled as if it had no imbalance.
    function _putAside(Page memory page, AccountId account, MeteredWord metered, int256 contracted, bool isCovered)
        private
    {
        uint256 balanced = contracted < 0 ? uint256(-contracted) : uint256(contracted) << 40;
        _keep(account, page.carrier, page.period, isCovered ? metered.energies() : balanced, metered.energies());
        emit SetAside(account, page.carrier, page.period);
    }

    /// With a guarantee the pot never runs short; without one, surplus is paid from the backstop's free balance.
    function _isCovered(Page memory page, int256 value) private pure returns (bool) {
        return page.hasGuarantee || value <= 0 || value <= page.means + page.sums.cash() - int256(page.owed);
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
            if (payment != 0) _push(page, AccountId.unwrap(account) | payment);
        }
    }

    function _push(Page memory page, uint256 payment) private pure {
        uint256 at = page.nextPayment;
        assembly ("memory-safe") {
            mstore(at, payment)
        }
        unchecked {
            page.nextPayment = at + 32; // there is room for one an account, and one more
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
            page.owed += amount; // 1,024 accounts of 64 bits
        }
        page.debts.push(toDebt(account, amount));
    }

    // --- closing it ---------------------------------------------------------------------------------------------

    function _closePage(Area storage state, Page memory page) private {
        if (page.sums.settled() > 0) {
            if (!page.hasGuarantee) _squareBackstop(page);
            page.payments.endAt(page.nextPayment);
            _payPage(page);
            _addUp(state, page);
            page.results.log(page.debts, page.first, PageSettled.selector, page.area, page.carrier, page.period);
        }
        if (state.settled == state.members && !state.finished) _finishArea(state, page);
    }

    /// Without a guarantee every page is squared with the backstop's free balance.
    function _squareBackstop(Page memory page) private {
        int256 amount;
        unchecked {
            amount = page.sums.cash() - int256(page.owed); // sums of a page
        }
        if (amount == 0) return;
        emit BackstopSquared(page.area, page.carrier, page.period, amount);
        AccountId backstop = backstopAccount(page.area);
        if (amount > 0) _push(page, toPayment(backstop, 0, uint256(amount)));
        else _charge(backstop, _potKey(page.carrier, page.period), uint256(-amount));
    }

    /// A step of its own, so that the demo can compile a Settlement with one wrong line.
    function _payPage(Page memory page) internal virtual {
        if (page.payments.length == 0) return;
        uint256[] memory owed = _payMany(_potKey(page.carrier, page.period), page.payments);
        unchecked {
            // Whoever owes is of the page, and at most what its result says that it pays.
            for (uint256 i; i < owed.length; ++i) {
                (AccountId account, uint256 amount) = (AccountId.wrap(uint24(owed[i])), owed[i] >> 24);
                _noteDebt(page, account, amount);
                page.results.addOwed(account.index() - page.first, amount);
            }
        }
    }

    function _addUp(Area storage state, Page memory page) private {
        unchecked {
            // 2^16 accounts an area, energies of 41 bits and money of 64: every sum fits its field.
            PageSums sums = page.sums;
            state.settled += uint16(sums.settled());
            state.poolWh += uint64(sums.poolWh());
            if (sums.netBoughtWh() > 0) {
                _takePeriod(page.carrier, page.period).netBoughtWh += uint64(sums.netBoughtWh());
            }
            Backstop storage backstop = _takeBackstop(page.area, page.carrier, page.period);
            if (page.hasGuarantee) backstop.fund += int96(sums.cash() - int256(page.owed));
            backstop.cash += int96(sums.cash());
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
