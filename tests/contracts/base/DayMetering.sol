// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Quality} from "../../../contracts/interfaces/IMeterReadings.sol";
import {DayTrading} from "./DayTrading.sol";

/// The day's readings: those that came, those that somebody put in their place, and what was known late.
abstract contract DayMetering is DayTrading {
    /// Neighbouring periods of a point without a reading.
    struct Outage {
        uint24 point;
        uint32 first;
        uint32 last;
        int256[][] substitutes; // empty: the default is booked
    }

    struct Registers {
        uint256 importWh;
        uint256 exportWh;
    }

    uint256 private constant POINTS = 20;

    Outage[] internal outages;
    mapping(uint24 point => mapping(uint32 period => Registers)) internal registers; // at a period's end
    mapping(uint24 point => mapping(uint32 period => bool)) private _estimated;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i; has(string.concat(".outages[", text(i), "]")); ++i) {
            string memory at = string.concat(".outages[", text(i), "]");
            Outage storage outage = outages.push();
            outage.point = uint24(number(string.concat(at, ".point")));
            outage.first = uint32(number(string.concat(at, ".first")));
            outage.last = uint32(number(string.concat(at, ".last")));
            for (uint256 j; has(string.concat(at, ".substitutes[", text(j), "]")); ++j) {
                outage.substitutes.push(row(string.concat(at, ".substitutes[", text(j), "]")));
            }
        }
        int256[][] memory estimated = rows(".estimated");
        for (uint256 i; i < estimated.length; ++i) {
            _estimated[uint24(uint256(estimated[i][0]))][first + uint32(uint256(estimated[i][1]))] = true;
        }
    }

    // --- as the day goes by -------------------------------------------------------------------------------------

    function postBases() internal {
        bytes memory body;
        for (uint24 point = 1; point <= POINTS; ++point) {
            registers[point][first - 1] = Registers(uint256(point) * 1_000_003, uint256(point) * 700_001);
            body = bytes.concat(body, lane(point, _at(point, first - 1), Quality.Base));
        }
        post(first - 1, body);
    }

    /// What the gateway reads at the period's end; whoever is out stays out until the outage is closed.
    function postReadings(uint32 period) external {
        int256[] memory flows = rowOf("energies", period);
        bytes memory body;
        for (uint24 point = 1; point <= POINTS; ++point) {
            Registers memory before = registers[point][first + period - 1];
            registers[point][first + period] = Registers(
                before.importWh + uint256(flows[2 * point - 2]), before.exportWh + uint256(flows[2 * point - 1])
            );
            if (!_isOut(point, period)) body = bytes.concat(body, _laneOf(point, period));
        }
        post(first + period, body);
    }

    /// The grid operator's words for a period.
    function postSubstitutes(uint32 period) internal {
        for (uint256 i; i < outages.length; ++i) {
            Outage storage outage = outages[i];
            if (outage.substitutes.length == 0 || period < outage.first || period > outage.last) continue;
            int256[] storage energies = outage.substitutes[period - outage.first];
            readings.postSubstitute(
                outage.point, first + period, uint24(uint256(energies[0])), uint24(uint256(energies[1]))
            );
        }
    }

    function bookDefaults(uint32 period) internal {
        for (uint256 i; i < outages.length; ++i) {
            Outage storage outage = outages[i];
            if (outage.substitutes.length > 0 || period < outage.first || period > outage.last) continue;
            settlement.bookDefault(registry.point(outage.point).account, ELECTRICITY, first + period);
        }
    }

    /// An outage that ends in the period: its register is known again, and what came after it is posted.
    function closeOutages(uint32 period) internal {
        for (uint256 i; i < outages.length; ++i) {
            if (outages[i].last != period) continue;
            for (uint32 later = period; later < PERIODS; ++later) {
                post(first + later, _laneOf(outages[i].point, later));
            }
            readings.shareDifference(outages[i].point, PERIODS);
        }
    }

    function correctAll() internal {
        int256[][] memory corrections = rows(".corrections");
        for (uint256 i; i < corrections.length; ++i) {
            uint24 point = uint24(uint256(corrections[i][0]));
            uint32 period = first + uint32(uint256(corrections[i][1]));
            Registers memory was = registers[point][period];
            uint256 importWh = uint256(int256(was.importWh) + corrections[i][2]);
            uint256 exportWh = uint256(int256(was.exportWh) + corrections[i][3]);
            readings.correct(point, period, uint48(importWh), uint48(exportWh), "misread");
        }
    }

    // --- lanes --------------------------------------------------------------------------------------------------

    function _isOut(uint24 point, uint32 period) private view returns (bool) {
        for (uint256 i; i < outages.length; ++i) {
            if (outages[i].point == point && period >= outages[i].first) return true;
        }
        return false;
    }

    function _laneOf(uint24 point, uint32 period) private view returns (bytes memory) {
        bool estimated = _estimated[point][first + period];
        return lane(point, _at(point, first + period), estimated ? Quality.Estimated : Quality.Measured);
    }

    function lane(uint24 point, Registers memory at, Quality quality) private pure returns (bytes memory) {
        return lane(point, at.importWh, at.exportWh, quality);
    }

    function _at(uint24 point, uint32 period) private view returns (Registers memory) {
        return registers[point][period];
    }
}
