// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Halts} from "./Halts.sol";
import {Holders} from "./Holders.sol";
import {Meters} from "./Meters.sol";
import {Purses} from "./Purses.sol";
import {Strangers} from "./Strangers.sol";
import {Community, Traders} from "./Traders.sol";

/// All of them together, from the first order of a period to its certificates.
abstract contract Misbehaviour is Purses, Halts, Meters, Holders, Strangers {
    uint256 private constant ACTS = 7; // an hour
    uint256 private constant BUSY = 14; // while there is trade
    uint256 private constant KINDS = 26;
    uint256 private constant HOURS = 32; // more than a day takes nearly always

    function setUp() public virtual override(Traders, Community, Meters) {
        super.setUp();
    }

    /// A few acts; then, perhaps, on.
    function actHour(uint256 seed) public {
        uint256 acts = isTrading() ? BUSY : ACTS;
        for (uint256 i; i < acts; ++i) {
            _act(uint256(keccak256(abi.encode(seed, i))));
        }
        bool goesOn = isTrading() ? seed % 9 == 0 : seed % 3 != 0;
        if (goesOn) _wait(seed % 5 == 0);
    }

    function playDay(uint256 seed) internal {
        for (uint256 i; i < HOURS; ++i) {
            actHour(uint256(keccak256(abi.encode(seed, i))));
        }
        finishDay();
    }

    /// Whoever is left to do so does what is left to do.
    function finishDay() internal {
        uint256 lapse = endsAt(period) + calendarTimes().handOutUntil;
        if (timeNow < lapse) timeNow = lapse;
        vm.warp(timeNow);
        book.claim(market, refsPlaced, members);
        settlement.settle(AREA, ELECTRICITY, period, 0, 300);
        settlement.setAside(AREA, ELECTRICITY, period, 0, 300);
        try settlement.payFees(market) {} catch {} // they are paid once
    }

    function actSettle(uint256 seed) external drawn(seed) {
        uint256 kind = _draw(8);
        (uint256 first, uint256 count) = (_draw(20), _draw(300));
        AccountId account = _anyone();
        if (kind < 2 || kind > 5) try settlement.settle(AREA, ELECTRICITY, period, first, count) {} catch {}
        if (kind == 2) try settlement.setAside(AREA, ELECTRICITY, period, first, count) {} catch {}
        if (kind == 3) try settlement.lowerLock(account, ELECTRICITY, period) {} catch {}
        if (kind == 4) try settlement.payFees(market) {} catch {}
        if (kind == 5) try settlement.bookDefault(account, ELECTRICITY, period) {} catch {}
    }

    /// To the next instant at which something changes, or to the second before it.
    function _wait(bool isBefore) private {
        uint256 start = startsAt(period);
        uint256 end = endsAt(period);
        uint256[9] memory instants =
            [start - 300, start, end, end + 900, end + 1 hours, end + 1 days, end + 7 days, end + 8 days, end + 9 days];
        for (uint256 i; i < instants.length; ++i) {
            if (timeNow >= instants[i]) continue;
            timeNow = isBefore && timeNow < instants[i] - 1 ? instants[i] - 1 : instants[i];
            return;
        }
    }

    function isTrading() private view returns (bool) {
        return timeNow + 300 < startsAt(period);
    }

    /// While there is trade, most of them are orders.
    function _act(uint256 seed) private {
        uint256 kind = uint256(keccak256(abi.encode(seed, "kind"))) % (isTrading() ? 2 * KINDS : KINDS);
        if (kind < 2 || kind >= KINDS) this.actPlace(seed);
        else if (kind == 2) this.actSigned(seed);
        else if (kind == 3) this.actCancel(seed);
        else if (kind == 4) this.actUpkeep(seed);
        else if (kind < 7) this.actClaim(seed);
        else if (kind == 7) this.actHalt(seed);
        else if (kind < 10) this.actRead(seed);
        else if (kind == 10) this.actMisread(seed);
        else if (kind == 11) this.actReplay(seed);
        else if (kind == 12) this.actForge(seed);
        else if (kind == 13) this.actOwnReading(seed);
        else if (kind == 14) this.actForgeOwn(seed);
        else if (kind < 19) this.actSettle(seed);
        else if (kind == 19) this.actMoney(seed);
        else if (kind == 20) this.actPermit(seed);
        else if (kind == 21) this.actIntrude(seed);
        else if (kind < 24) this.actHandOut(seed);
        else this.actCertificates(seed);
    }
}
