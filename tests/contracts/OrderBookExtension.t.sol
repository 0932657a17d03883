// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBook, IOrderBookFacts, SignedCancel} from "../../contracts/interfaces/IOrderBook.sol";
import {Extended, Extension} from "../../contracts/libraries/Extended.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// What the book's extension does at the book's address, and what it can't do at its own.
contract OrderBookExtensionTest is OrderBookTest {
    OrderRef private ref;
    IOrderBook private extension;

    function setUp() public override {
        super.setUp();
        ref = placeBid(ana, 100, 1500);
        extension = IOrderBook(Extended(address(book)).extension());
    }

    function test_TheBookAnswersWhatOnlyItsExtensionHas() public {
        vm.assertTrue(isLive(ref));
        vm.assertEq(extension.entry(market, ref).energyWh, 0);
        vm.assertEq(extension.marketOf(market).opened, false);
    }

    function test_ARefusalOfTheExtensionReachesTheCaller() public {
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.GateNotClosed.selector, market.period()));
        book.returnRests(market, refs(ref));
    }

    function test_AFunctionThatNeitherHasIsNamed() public {
        (bool done, bytes memory answer) = address(book).call(abi.encodeWithSignature("nothing()"));
        vm.assertFalse(done);
        bytes4 selector = bytes4(keccak256("nothing()"));
        vm.assertEq(answer, abi.encodeWithSelector(Extension.FunctionUnknown.selector, selector));
    }

    function test_NobodySendsTheBookMoney() public {
        (bool done,) = address(book).call{value: 1}("");
        vm.assertFalse(done);
    }

    function test_AtItsOwnAddressTheExtensionChangesNothingOfTheBook() public {
        SignedCancel[] memory cancels = new SignedCancel[](1);
        cancels[0] = signCancel(ANA, ana, market, ref, 0);
        extension.cancelSigned(cancels);
        vm.warp(startsAt(market.period()));
        extension.returnRests(market, refs(ref));
        extension.collect(market, refs(ref));
        extension.cancelNotAdmitted(market, refs(ref));
        extension.skip(market, 1500, 10);
        vm.assertTrue(isLive(ref));
        vm.assertEq(lockedOf(ana), 100 * 1600);
    }
}
