// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Prover} from "./Prover.sol";

/// What proofs need of multiplication. To Halmos a product of two symbolic factors is, at first, any function of both: whether that
/// suffices is soon decided, what bits do in a product isn't. So proofs assume these, and ProductProof proves them of real products.
abstract contract Products is Prover {
    int256 internal constant MOST_WH = 1 << 41;
    int256 internal constant MOST_VALUE = 1 << 57;
    int256 internal constant MOST_ORDER_VALUE = 1 << 40;

    function _factorsCommute(int256 one, int256 other) internal pure returns (bool) {
        int256[2] memory products; // in a loop: of one expression the compiler would choose the order
        unchecked {
            for (uint256 i; i < 2; ++i) {
                products[i] = one * other;
                (one, other) = (other, one);
            }
        }
        return products[0] == products[1];
    }

    /// Of less than MOST_WH.
    function _valueFits(int256 energy, int256 ticks) internal pure returns (bool) {
        unchecked {
            int256 value = energy * ticks;
            return value < MOST_VALUE && value > -MOST_VALUE;
        }
    }

    function _ordersValueFits(uint24 energy, int256 ticks) internal pure returns (bool) {
        unchecked {
            int256 value = int256(uint256(energy)) * ticks;
            return value >= 0 && value < MOST_ORDER_VALUE;
        }
    }

    function _surplusIsNoCharge(int256 energy, int256 ticks) internal pure returns (bool) {
        unchecked {
            return energy < 0 || energy * ticks >= 0;
        }
    }

    function _lackIsANegativeSurplus(uint24 lack, int256 ticks) internal pure returns (bool) {
        unchecked {
            return -int256(uint256(lack)) * ticks == -(int256(uint256(lack)) * ticks);
        }
    }

    /// If `less` is.
    function _lessCostsLess(uint24 less, uint24 more, int256 ticks) internal pure returns (bool) {
        unchecked {
            return uint256(less) * uint256(ticks) <= uint256(more) * uint256(ticks);
        }
    }

    function _timesABooleanIsAChoice(uint256 chosen, bool when) internal pure returns (bool same) {
        assembly ("memory-safe") {
            same := eq(mul(chosen, when), and(chosen, sub(0, when)))
        }
    }
}
