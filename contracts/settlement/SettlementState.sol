// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementFacts} from "../interfaces/ISettlement.sol";
import {AccountId, feeAccount} from "../types/AccountId.sol";
import {Fill} from "../types/Fill.sol";
import {MARKS_PER_WORD, MarksWord, markOf} from "../types/MarksWord.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {Counterparts} from "./Counterparts.sol";

/// What Settlement keeps of each (carrier, period), in a ring. A (carrier, slot) belongs to one period at a time: words with
/// another turn's tag read as empty, and a period takes the slot over only when the earlier one is finished.
abstract contract SettlementState is ISettlementFacts, Counterparts {
    /// What is noted of each account.
    enum Mark {
        Settled,
        HandedOut
    }

    /// Where a (carrier, period) stands in the ring.
    struct Slot {
        uint256 key;
        uint256 tag;
    }

    /// A (carrier, period).
    struct Period {
        uint16 tag;
        uint16 openMarkets;
        uint16 openAreas; // taken and with members that haven't settled, whose backstops have money in the pot
        uint32 openCorrections; // that certificates don't count yet
        uint64 netBoughtWh; // Σ over all areas' settled net buyers
    }

    /// A (grid area, carrier, period).
    struct Area {
        uint16 tag;
        uint16 members;
        uint16 settled;
        bool hasGuarantee;
        bool finished;
        bool feesPaid;
        uint64 guarantee; // cash units
        uint56 fees;
        uint64 poolWh; // Σ settled net sellers' min(contracted, deliverable)
    }

    /// The backstop's side of an area's period.
    struct Backstop {
        uint16 tag;
        int96 fund; // shortages paid in − surplus paid out, while its guarantee is in the pot
        int96 cash; // what imbalance earned it, debts included
    }

    /// Energy that was known too late for its periods; see Residuals.
    struct Residual {
        AccountId account; // 0: settled
        uint8 carrier;
        uint32 firstPeriod;
        uint32 lastPeriod;
        int64 importWh;
        int64 exportWh;
    }

    mapping(uint256 key => Period) private _periods;
    mapping(uint256 areaKey => Area) private _areas;
    mapping(uint256 areaKey => Backstop) private _backstops;
    PositionWord[1 << 48] private _positions; // by account, carrier, slot: as long as the key is wide, it needs no hash
    mapping(uint256 marksKey => MarksWord) private _marked;

    /// A venue brings markets of the periods before this one. A revoked venue drains: what it may have opened by then it may
    /// still book and close, so that no member waits for it for ever.
    mapping(address venue => uint256 period) internal _bringsUntil;
    uint256 internal _residualCount;
    mapping(uint256 id => Residual) internal _residuals;

    // --- taking a slot over -------------------------------------------------------------------------------------

    /// The period's word, for writing.
    function _takePeriod(uint8 carrier, uint32 period) internal returns (Period storage state) {
        state = _periods[_key(0, carrier, period)];
        uint256 tag = _tagOf(period);
        if (state.tag == tag) return state;
        uint256 until = _startsAt(period + RING_PERIODS) - OPENS_BEFORE;
        _requireBefore(until);
        bool finished = state.openMarkets == 0 && state.openAreas == 0 && state.openCorrections == 0;
        if (!finished) revert PeriodUnfinished(_earlier(period, state.tag));
        _periods[_key(0, carrier, period)] = Period(uint16(tag), 0, 0, 0, 0);
    }

    /// The area's word, for writing, once the period is taken.
    function _takeArea(uint8 area, uint8 carrier, uint32 period) internal returns (Area storage state) {
        state = _areas[_key(area, carrier, period)];
        uint256 tag = _tagOf(period);
        if (state.tag == tag) return state;
        if (state.fees > 0) _payFees(state, area, carrier, _earlier(period, state.tag));
        uint16 members = uint16(_membersAt(area, period));
        ++_periods[_key(0, carrier, period)].openAreas;
        _areas[_key(area, carrier, period)] = Area(uint16(tag), members, 0, false, false, false, 0, 0, 0);
    }

    /// The backstop's word, for writing, once the area is taken.
    function _takeBackstop(uint8 area, uint8 carrier, uint32 period) internal returns (Backstop storage state) {
        state = _backstops[_key(area, carrier, period)];
        uint256 tag = _tagOf(period);
        if (state.tag != tag) _backstops[_key(area, carrier, period)] = Backstop(uint16(tag), 0, 0);
    }

    /// Adds to what imbalance earned the backstop, as long as the area's words are still the period's.
    function _noteBackstopCash(uint8 area, uint8 carrier, uint32 period, int256 amount) internal {
        if (_areas[_key(area, carrier, period)].tag == _tagOf(period)) {
            _takeBackstop(area, carrier, period).cash += int96(amount);
        }
    }

    /// Writes the words of a place in the ring, those never written, as an earlier period's of which nothing is left.
    function _prepare(uint8 area, uint8 carrier, uint256 slot, uint256 tag) internal {
        Period storage period_ = _periods[_keyAt(0, carrier, slot)];
        Area storage area_ = _areas[_keyAt(area, carrier, slot)];
        Backstop storage backstop_ = _backstops[_keyAt(area, carrier, slot)];
        assembly ("memory-safe") {
            // Each is a word with its tag lowest.
            if iszero(sload(period_.slot)) { sstore(period_.slot, tag) }
            if iszero(sload(area_.slot)) { sstore(area_.slot, tag) }
            if iszero(sload(backstop_.slot)) { sstore(backstop_.slot, tag) }
        }
    }

    // --- reading and writing ------------------------------------------------------------------------------------

    function _period(uint8 carrier, uint32 period) internal view returns (Period memory state) {
        state = _periods[_key(0, carrier, period)];
        if (state.tag != _tagOf(period)) delete state;
    }

    /// The area's word; `isTaken` unless nobody has traded or settled there yet.
    function _area(uint8 area, uint8 carrier, uint32 period) internal view returns (bool isTaken, Area memory state) {
        state = _areas[_key(area, carrier, period)];
        isTaken = state.tag == _tagOf(period);
        if (!isTaken) delete state;
    }

    function _backstop(uint8 area, uint8 carrier, uint32 period) internal view returns (Backstop memory state) {
        state = _backstops[_key(area, carrier, period)];
        if (state.tag != _tagOf(period)) delete state;
    }

    function _position(AccountId account, uint8 carrier, uint32 period) internal view returns (PositionWord) {
        return _position(account, _slot(carrier, period));
    }

    /// As above, for who reads many of one slot.
    function _position(AccountId account, Slot memory slot) internal view returns (PositionWord) {
        return _positions[_positionKey(account, slot)].inTurn(slot.tag);
    }

    /// Where the position of account id 0 is stored; that of account i is i << 24 further.
    function _positionsAt(uint8 carrier, uint32 period) internal view returns (uint256 at) {
        at = _key(0, carrier, period);
        assembly ("memory-safe") {
            at := add(at, _positions.slot)
        }
    }

    /// Adds a fill to the position at `at` in storage (see `_positionsAt`).
    function _addToPosition(uint256 at, uint256 tag, Fill fill) internal {
        PositionWord word;
        assembly ("memory-safe") {
            word := sload(at)
        }
        (PositionWord sum, bool fits) = word.inTurn(tag).plus(fill);
        if (!fits) revert PositionTooLarge(fill.account());
        assembly ("memory-safe") {
            sstore(at, sum)
        }
    }

    function _positionKey(AccountId account, Slot memory slot) private pure returns (uint256) {
        return (uint256(AccountId.unwrap(account)) << 24) | slot.key;
    }

    function _slot(uint8 carrier, uint32 period) internal view returns (Slot memory) {
        return Slot(_key(0, carrier, period), _tagOf(period));
    }

    function _setPosition(AccountId account, uint8 carrier, uint32 period, PositionWord position_) internal {
        _positions[_key(AccountId.unwrap(account), carrier, period)] = position_;
    }

    /// Which of the 240 neighbours of account `index` carry a mark.
    function _marks(Mark mark, uint8 area, uint8 carrier, uint32 period, uint256 index)
        internal
        view
        returns (MarksWord)
    {
        return _marked[_marksKey(mark, area, carrier, period, index)].inTurn(_tagOf(period));
    }

    function _setMarks(Mark mark, uint8 area, uint8 carrier, uint32 period, uint256 index, MarksWord marks) internal {
        _marked[_marksKey(mark, area, carrier, period, index)] = marks;
    }

    function _isMarked(Mark mark, AccountId account, uint8 carrier, uint32 period) internal view returns (bool) {
        return _marks(mark, account.area(), carrier, period, account.index()).has(markOf(account.index()));
    }

    /// Pays the area's fees of a finished period to its fee account.
    function _payFees(Area storage state, uint8 area, uint8 carrier, uint32 period) internal {
        uint256 amount = state.fees;
        (state.fees, state.feesPaid) = (0, true);
        emit FeesPaid(area, carrier, period, amount);
        _release(feeAccount(area), carrier, period, amount);
    }

    function _requireClaimed(uint256 openMarkets_, uint8 carrier, uint32 period) internal pure {
        if (openMarkets_ > 0) revert ClaimsOpen(carrier, period, openMarkets_);
    }

    function _requireFrom(uint256 from) internal view {
        if (block.timestamp < from) revert TooEarly(from);
    }

    function _requireBefore(uint256 until) internal view {
        if (block.timestamp >= until) revert TooLate(until);
    }

    /// The earlier period of `period`'s slot whose words carry `tag`.
    function _earlier(uint32 period, uint256 tag) private view returns (uint32) {
        uint256 turns = (_tagOf(period) + (1 << 16) - tag) & 0xffff;
        return uint32(period - turns * RING_PERIODS);
    }

    function _marksKey(Mark mark, uint8 area, uint8 carrier, uint32 period, uint256 index)
        private
        view
        returns (uint256)
    {
        uint256 word = index / MARKS_PER_WORD;
        return _key((uint256(mark) << 24) | (uint256(area) << 16) | word, carrier, period);
    }

    function _key(uint256 id, uint8 carrier, uint32 period) private view returns (uint256) {
        return _keyAt(id, carrier, _slotOf(period));
    }

    function _keyAt(uint256 id, uint8 carrier, uint256 slot) private pure returns (uint256) {
        return (id << 24) | (uint256(carrier) << 16) | slot;
    }
}
