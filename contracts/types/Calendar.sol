// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// The times of a delivery period's life, in seconds, fixed at deployment.
struct CalendarTimes {
    uint32 periodSeconds; // market time unit
    uint32 opensBefore; // trading opens this long before the period's start
    uint32 gateBefore; // the gate closes this long before the period's start
    uint32 finalAfter; // a reading held this long after the period's end is final
    uint32 substitutesUntil; // until then after the end the grid operator may substitute; from then anyone may default
    uint32 correctionsUntil; // until then after the end readings may be corrected
    uint32 handOutUntil; // until then after the end certificates are handed out
    uint32 ringPeriods; // storage words are reused after this many periods
}

/// Turns period indices into times. Every contract that needs times inherits them, so that no hot call asks for them.
abstract contract Times {
    uint256 internal immutable PERIOD_SECONDS;
    uint256 internal immutable OPENS_BEFORE;
    uint256 internal immutable GATE_BEFORE;
    uint256 internal immutable FINAL_AFTER;
    uint256 internal immutable SUBSTITUTES_UNTIL;
    uint256 internal immutable CORRECTIONS_UNTIL;
    uint256 internal immutable HAND_OUT_UNTIL;
    uint256 internal immutable RING_PERIODS;

    /// The times are out of order, or a period's life does not fit the ring.
    error CalendarUnusable();

    constructor(CalendarTimes memory times) {
        if (!_usable(times)) revert CalendarUnusable();
        PERIOD_SECONDS = times.periodSeconds;
        OPENS_BEFORE = times.opensBefore;
        GATE_BEFORE = times.gateBefore;
        FINAL_AFTER = times.finalAfter;
        SUBSTITUTES_UNTIL = times.substitutesUntil;
        CORRECTIONS_UNTIL = times.correctionsUntil;
        HAND_OUT_UNTIL = times.handOutUntil;
        RING_PERIODS = times.ringPeriods;
    }

    function _startsAt(uint256 period) internal view returns (uint256) {
        return period * PERIOD_SECONDS;
    }

    function _endsAt(uint256 period) internal view returns (uint256) {
        return (period + 1) * PERIOD_SECONDS;
    }

    function _hasStarted(uint256 period) internal view returns (bool) {
        return block.timestamp >= _startsAt(period);
    }

    /// The first period whose trading hasn't opened yet.
    function _firstUntradable() internal view returns (uint256) {
        return (block.timestamp + OPENS_BEFORE) / PERIOD_SECONDS + 1;
    }

    /// As `_slotOf` and `_tagOf`, by one division.
    function _placeOf(uint256 period) internal view returns (uint256 slot, uint256 tag) {
        unchecked {
            uint256 turn = period / RING_PERIODS;
            (slot, tag) = (period - turn * RING_PERIODS, turn & 0xffff);
        }
    }

    /// Where in the ring of reused storage a period stands.
    function _slotOf(uint256 period) internal view returns (uint256) {
        return period % RING_PERIODS;
    }

    /// Which turn of the ring a period belongs to: the tag on every reused word.
    function _tagOf(uint256 period) internal view returns (uint256) {
        return (period / RING_PERIODS) & 0xffff;
    }

    /// A turn that no period has for as long as can be: of words written before any period needs them.
    function _farTag() internal view returns (uint256) {
        return _tagOf(block.timestamp / PERIOD_SECONDS) ^ (1 << 15);
    }

    function _calendar() internal view returns (CalendarTimes memory) {
        return CalendarTimes(
            uint32(PERIOD_SECONDS),
            uint32(OPENS_BEFORE),
            uint32(GATE_BEFORE),
            uint32(FINAL_AFTER),
            uint32(SUBSTITUTES_UNTIL),
            uint32(CORRECTIONS_UNTIL),
            uint32(HAND_OUT_UNTIL),
            uint32(RING_PERIODS)
        );
    }

    function _usable(CalendarTimes memory times) private pure returns (bool) {
        if (times.periodSeconds == 0 || times.gateBefore >= times.opensBefore) return false;
        if (times.finalAfter > times.substitutesUntil || times.substitutesUntil > times.correctionsUntil) return false;
        if (times.correctionsUntil >= times.handOutUntil) return false;
        if (times.ringPeriods > 1 << 16) return false; // keys hold 16 bits of a slot
        uint256 life = uint256(times.opensBefore) + times.periodSeconds + times.handOutUntil;
        return life + times.periodSeconds <= uint256(times.ringPeriods) * times.periodSeconds;
    }
}

/// Times that anyone may read.
abstract contract Calendar is Times {
    constructor(CalendarTimes memory times) Times(times) {}

    /// The times of this deployment.
    function calendar() external view returns (CalendarTimes memory) {
        return _calendar();
    }
}
