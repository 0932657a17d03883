// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Prover} from "./Prover.sol";

/// What one order meets, in ticks.
struct Row {
    uint256 retail; // of its owner's area, whatever the market's is
    uint256 feedIn; // likewise
    uint256 offerFee; // levy and network fee of an offer
    uint256 bidFee;
    uint256 offerLimit;
    uint256 bidLimit;
}

struct Table {
    uint256 length;
    Row[50] rows;
}

using {add} for Table;

function add(
    Table memory table,
    uint256 retail,
    uint256 feedIn,
    uint256 offerFee,
    uint256 bidFee,
    uint256 offerLimit,
    uint256 bidLimit
) pure {
    table.rows[table.length++] = Row(retail, feedIn, offerFee, bidFee, offerLimit, bidLimit);
}

/// Fifty terms with orders under them: every extreme of each field, beside ordinary ones.
abstract contract TermsTable is Prover {
    uint256 internal constant MAX = 57_599;

    /// The row that `which` names: a proof about any `which` is one about every row.
    function _row(uint256 which) internal pure returns (Row memory) {
        Table memory table = _table();
        for (uint256 i; i < table.rows.length; ++i) {
            if (which == i) return table.rows[i];
        }
        revert();
    }

    function _table() internal pure returns (Table memory table) {
        _ordinary(table);
        _extremeTariffs(table);
        _extremeFees(table);
        _extremeLimits(table);
        _otherAreas(table);
        assert(table.length == table.rows.length);
    }

    function _ordinary(Table memory table) private pure {
        table.add(3200, 800, 0, 0, 1900, 1900);
        table.add(3200, 800, 50, 100, 1900, 2100);
        table.add(3200, 800, 0, 100, 2000, 2500);
        table.add(3200, 800, 50, 0, 801, 3199);
        table.add(2999, 701, 13, 17, 1234, 2345);
        table.add(4096, 512, 0, 0, 2048, 1024);
        table.add(4095, 511, 31, 63, 2047, 1023);
        table.add(10_000, 9000, 500, 500, 9100, 9900);
        table.add(12_345, 6789, 321, 123, 7890, 11_111);
        table.add(20_000, 1, 1000, 2000, 3000, 15_000);
    }

    function _extremeTariffs(Table memory table) private pure {
        table.add(1, 0, 0, 0, 0, 0);
        table.add(1, 0, 0, 0, 1, 1);
        table.add(1, 0, 0, 1, 0, 1);
        table.add(1, 0, 1, 0, 0, 1);
        table.add(2, 1, 1, 1, 0, 2);
        table.add(2, 0, 0, 0, 1, 1);
        table.add(MAX, 0, 0, 0, 0, 0);
        table.add(MAX, 0, 0, 0, MAX, MAX);
        table.add(MAX, MAX - 1, 0, 0, 0, MAX);
        table.add(MAX, MAX - 1, 0, 0, MAX - 1, MAX - 1);
        table.add(MAX, MAX - 1, 0, 0, 1, 1);
        table.add(MAX - 1, MAX - 2, 1, 1, MAX - 2, MAX - 1);
        table.add(3200, 3199, 0, 0, 3199, 3200);
        table.add(3200, 3199, 0, 0, 0, 3199);
        table.add(3200, 0, 0, 0, 1, 3199);
    }

    function _extremeFees(Table memory table) private pure {
        table.add(MAX, 0, MAX, 0, 0, MAX);
        table.add(MAX, 0, 0, MAX, 0, MAX);
        table.add(MAX, 0, MAX - 1, 1, 1, MAX);
        table.add(MAX, 0, 1, MAX - 1, MAX - 1, MAX);
        table.add(3200, 800, 3200, 0, 0, 3200);
        table.add(3200, 800, 0, 3200, 0, 3200);
        table.add(3200, 800, 1600, 1600, 0, 1600);
        table.add(3200, 800, 1600, 1600, 1600, 3200);
        table.add(3200, 3199, 3199, 1, 0, 1);
        table.add(3200, 800, MAX - 3200, 3200, 3200, 3200); // levy and network fee beyond retail
    }

    function _extremeLimits(Table memory table) private pure {
        table.add(3200, 800, 0, 0, 0, 0);
        table.add(3200, 800, 0, 0, 3200, 3200);
        table.add(3200, 800, 0, 0, 3199, 1);
        table.add(3200, 800, 0, 0, 1, 3200);
        table.add(3200, 800, 50, 100, 0, 100);
        table.add(3200, 800, 50, 100, 3200, 101);
    }

    /// The market's retail is another than the owner's: its prices go beyond what the owner's imbalance costs, or stay far below.
    function _otherAreas(Table memory table) private pure {
        table.add(3200, 800, 0, 0, 3201, 3200);
        table.add(3200, 800, 0, 0, MAX, 3200);
        table.add(3200, 800, 250, 300, 40_000, 3200);
        table.add(1, 0, 0, 0, MAX, 1);
        table.add(1, 0, MAX, 1, 0, 1);
        table.add(1, 0, MAX - 1, 0, 1, 0);
        table.add(MAX, 800, 250, 250, 3200, 3200);
        table.add(MAX, MAX - 1, 250, 250, 3200, 250);
        table.add(40_000, 39_999, 12_345, 23_456, 6789, 34_567);
    }
}
