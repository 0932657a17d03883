// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Products} from "./base/Products.sol";

/// What other proofs assume of products.
contract ProductProof is Products {
    function check_ALackIsANegativeSurplus(uint24 lack, uint16 ticks) public pure {
        assert(_lackIsANegativeSurplus(lack, int256(uint256(ticks))));
    }

    function check_AValueFits(int256 energy, uint16 ticks) public pure {
        vm.assume(energy < MOST_WH && energy > -MOST_WH);
        assert(_valueFits(energy, int256(uint256(ticks))));
    }

    function check_FactorsCommute(int256 one, int256 other) public pure {
        assert(_factorsCommute(one, other));
    }

    function check_AnOrdersValueFits(uint24 energy, uint16 ticks) public pure {
        assert(_ordersValueFits(energy, int256(uint256(ticks))));
    }

    function check_LessCostsLess(uint24 less, uint24 more, uint16 ticks) public pure {
        vm.assume(less <= more);
        assert(_lessCostsLess(less, more, int256(uint256(ticks))));
    }

    function check_ASurplusIsNoCharge(int256 energy, uint16 ticks) public pure {
        vm.assume(energy < MOST_WH && energy > -MOST_WH);
        assert(_surplusIsNoCharge(energy, int256(uint256(ticks))));
    }

    function check_TimesABooleanIsAChoice(uint256 chosen, bool when) public pure {
        assert(_timesABooleanIsAChoice(chosen, when));
    }
}
