// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {OrderBook} from "../../contracts/OrderBook.sol";
import {OrderBookExtension} from "../../contracts/OrderBookExtension.sol";
import {IOrderBook, IOrderBookFacts, SignedCancel} from "../../contracts/interfaces/IOrderBook.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Market, toMarket} from "../../contracts/types/Market.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";
import {SignedOrder} from "./base/WattbookTest.sol";

/// Orders and cancellations that anyone relays.
contract OrderBookSignedTest is OrderBookTest {
    uint256 private constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function relay(SignedOrder memory order) private {
        book.placeSigned(packSigned(order), ANY_TOUCHES);
    }

    /// The order is skipped with exactly this error, and locks nothing.
    function skip(SignedOrder memory order, bytes memory error) private {
        uint256 pot = potOfBook();
        vm.expectEmit(address(book));
        emit IOrderBookFacts.OrderSkipped(0, order.order, error);
        relay(order);
        vm.assertEq(potOfBook(), pot);
    }

    function twoOrders(SignedOrder memory a, SignedOrder memory b) private pure returns (bytes memory) {
        return bytes.concat(packSigned(a), packSigned(b));
    }

    // --- orders -------------------------------------------------------------------------------------------------

    function test_AnyoneRelaysASignedOrder() public {
        vm.prank(address(0xAE1A));
        relay(signOrder(ANA, bidAt(ana, 100, 1500)));
        vm.assertEq(totalAt(1500), 100);
        vm.assertEq(lockedOf(ana), 100 * 1600);
        vm.assertEq(vault.nextNonce(ana), 1);
    }

    function test_ASignatureOf65BytesIsAsGood() public {
        Order order = bidAt(ana, 100, 1500);
        relay(SignedOrder(order, new OrderRef[](0), sign(ANA, book.orderHash(order))));
        vm.assertEq(totalAt(1500), 100);
    }

    function test_OrdersOfABatchEnterInTheGivenSequence() public {
        SignedOrder memory first = signOrder(ANA, bidAt(ana, 100, 1500));
        SignedOrder memory second = signOrder(BEN, bidAt(ben, 100, 1500));
        book.placeSigned(twoOrders(first, second), ANY_TOUCHES);
        vm.assertTrue(book.entry(market, OrderRef.wrap(1500 << 16)).account == ana);
        vm.assertTrue(book.entry(market, OrderRef.wrap((1500 << 16) | 1)).account == ben);
    }

    function test_AFailingOrderIsSkippedAndTheOthersGoOn() public {
        SignedOrder memory bad = signOrder(ANA, bid(ana, market, 100, RETAIL + 1));
        SignedOrder memory good = signOrder(BEN, bidAt(ben, 100, 1500));
        vm.expectEmit(address(book));
        emit IOrderBookFacts.OrderSkipped(
            0, bad.order, abi.encodeWithSelector(IOrderBookFacts.PriceAboveRetail.selector, RETAIL + 1, RETAIL)
        );
        book.placeSigned(twoOrders(bad, good), ANY_TOUCHES);
        vm.assertEq(totalAt(1500), 100);
        vm.assertEq(vault.nextNonce(ana), 0);
    }

    function test_AnOrderCannotBeReplayed() public {
        SignedOrder memory order = signOrder(ANA, bidAt(ana, 100, 1500));
        relay(order);
        skip(order, abi.encodeWithSelector(IPaymentVault.NonceUsed.selector, ana, 0, 1));
    }

    function test_NoncesMayLeaveGapsButNeverFall() public {
        relay(signOrder(ANA, withNonce(bidAt(ana, 100, 1500), 7)));
        skip(
            signOrder(ANA, withNonce(bidAt(ana, 100, 1501), 6)),
            abi.encodeWithSelector(IPaymentVault.NonceUsed.selector, ana, 6, 8)
        );
        relay(signOrder(ANA, withNonce(bidAt(ana, 100, 1500), 8)));
        vm.assertEq(totalAt(1500), 200);
    }

    function test_AnOrderPastItsDeadlineIsSkipped() public {
        uint256 deadline = block.timestamp - 1;
        skip(
            signOrder(ANA, withValidUntil(bidAt(ana, 100, 1500), deadline)),
            abi.encodeWithSelector(IOrderBookFacts.OrderExpired.selector, deadline)
        );
    }

    function test_AnOrderSignedByAnotherIsSkipped() public {
        skip(
            signOrder(BEN, bidAt(ana, 100, 1500)),
            abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ana, vm.addr(BEN))
        );
    }

    function test_AMalleatedSignatureIsSkipped() public {
        Order order = bidAt(ana, 100, 1500);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ANA, book.orderHash(order));
        bytes memory twin = abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        skip(
            SignedOrder(order, new OrderRef[](0), twin),
            abi.encodeWithSelector(IOrderBookFacts.SignatureInvalid.selector, ana)
        );
    }

    function test_AMalformedSignatureIsSkipped() public {
        Order order = bidAt(ana, 100, 1500);
        bytes memory none = abi.encodeWithSelector(IOrderBookFacts.SignatureInvalid.selector, ana);
        skip(SignedOrder(order, new OrderRef[](0), new bytes(65)), none);
        skip(SignedOrder(order, new OrderRef[](0), new bytes(66)), none);
    }

    function test_AnOrderForAnUnknownAccountIsSkippedWhateverTheSignature() public {
        AccountId nobody = AccountId.wrap((uint24(AREA) << 16) | 999);
        Order order = bidAt(nobody, 100, 1500);
        skip(
            SignedOrder(order, new OrderRef[](0), new bytes(65)),
            abi.encodeWithSelector(IOrderBookFacts.SignatureInvalid.selector, nobody)
        );
    }

    function test_AnOrderForAnotherContractIsSkipped() public {
        IOrderBook other = newOrderBook();
        Order order = bidAt(ana, 100, 1500);
        SignedOrder memory foreign = SignedOrder(order, new OrderRef[](0), signCompact(ANA, other.orderHash(order)));
        relay(foreign);
        vm.assertEq(lockedOf(ana), 0);
        vm.assertEq(vault.nextNonce(ana), 0);
    }

    function test_AnOrderForAnotherChainIsSkipped() public {
        SignedOrder memory order = signOrder(ANA, bidAt(ana, 100, 1500));
        vm.chainId(block.chainid + 1);
        relay(order);
        vm.assertEq(lockedOf(ana), 0);
    }

    function test_ARelayedOrderCancelsTheOwnOppositeOnesItLists() public {
        OrderRef own = placeOffer(ana, 100, 1500);
        SignedOrder memory order = signOrder(ANA, bidAt(ana, 100, 1500));
        skip(order, abi.encodeWithSelector(IOrderBookFacts.OwnOrderInTheWay.selector, 1500));
        order.own = refs(own);
        relay(order);
        vm.assertFalse(isLive(own));
        vm.assertEq(totalAt(1500), 100);
    }

    function test_OneOrderOfABatchCanOnlyBeEnteredByTheBatch() public {
        vm.expectRevert(IOrderBookFacts.SelfOnly.selector);
        OrderBook(address(book)).enterSigned(vm.addr(ANA), bidAt(ana, 100, 1500), ANY_TOUCHES);
        vm.expectRevert(IOrderBookFacts.SelfOnly.selector);
        OrderBookExtension(address(book)).cancelFor(vm.addr(ANA), ana, market, OrderRef.wrap(0), 0);
    }

    function test_ABatchThatEndsWithinAnOrderIsRefused() public {
        bytes memory batch = twoOrders(signOrder(ANA, bidAt(ana, 100, 1500)), signOrder(BEN, bidAt(ben, 100, 1500)));
        bytes memory cut = new bytes(batch.length - 1);
        for (uint256 i; i < cut.length; ++i) {
            cut[i] = batch[i];
        }
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.BatchMalformed.selector, 1));
        book.placeSigned(cut, ANY_TOUCHES);
    }

    function test_AnOrderWithStrayBitsIsSkipped() public {
        Order order = Order.wrap(Order.unwrap(bidAt(ana, 100, 1500)) | (1 << 225));
        skip(signOrder(ANA, order), abi.encodeWithSelector(IOrderBookFacts.OrderMalformed.selector, order));
    }

    // --- cancellations ------------------------------------------------------------------------------------------

    function relayCancel(SignedCancel memory wanted) private {
        SignedCancel[] memory batch = new SignedCancel[](1);
        batch[0] = wanted;
        book.cancelSigned(batch);
    }

    function skipCancel(SignedCancel memory wanted, bytes memory error) private {
        vm.expectEmit(address(book));
        emit IOrderBookFacts.CancelSkipped(0, wanted.account, wanted.ref, error);
        relayCancel(wanted);
    }

    function test_AnyoneRelaysASignedCancellation() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        SignedCancel memory wanted = signCancel(ANA, ana, market, ref, uint40(block.timestamp));
        relayCancel(wanted);
        vm.assertEq(lockedOf(ana), 0);
        skipCancel(wanted, abi.encodeWithSelector(IOrderBookFacts.OrderNotLive.selector, ref));
    }

    function test_ACancellationPastItsDeadlineIsSkipped() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        uint40 deadline = uint40(block.timestamp - 1);
        skipCancel(
            signCancel(ANA, ana, market, ref, deadline),
            abi.encodeWithSelector(IOrderBookFacts.OrderExpired.selector, deadline)
        );
    }

    function test_ACancellationSignedByAnotherIsSkipped() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        skipCancel(
            signCancel(BEN, ana, market, ref, 0),
            abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ana, vm.addr(BEN))
        );
        vm.assertTrue(isLive(ref));
    }

    function test_ACancellationOfAnothersOrderIsSkipped() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        skipCancel(
            signCancel(BEN, ben, market, ref, 0),
            abi.encodeWithSelector(IOrderBookFacts.NotYourOrder.selector, ref, ben)
        );
        vm.assertTrue(isLive(ref));
    }

    function test_AnUnsignedCancellationIsSkipped() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        SignedCancel memory wanted = SignedCancel(ana, market, ref, 0, "");
        skipCancel(wanted, abi.encodeWithSelector(IOrderBookFacts.SignatureInvalid.selector, ana));
    }

    // --- typed data ---------------------------------------------------------------------------------------------

    /// EIP-712's digest of a struct hash, put together by hand.
    function digestOf(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Wattbook"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// The struct hashes are eth-account's.
    function test_OrdersAndCancellationsAreHashedAsWalletsHashThem() public view {
        AccountId account = AccountId.wrap(0x010010);
        Market where = toMarket(1, 2, 2_000_123);
        Order order =
            pack(OrderFields(account, where, true, 1, 57_599, 8_388_607, 65_535, 268_435_455, 1_099_511_627_775));
        order = Order.wrap(Order.unwrap(order) | (1 << 75));
        vm.assertEq(book.orderHash(order), digestOf(0x215819f612ecc1f8ab1473c52287f03b348062d02f9d36986bb9c62b7932e9fd));
        vm.assertEq(
            book.cancelHash(account, where, OrderRef.wrap((57_599 << 16) | 4095), 1_099_511_627_775),
            digestOf(0x6ab2fba05dbb1279099c31c00f8e3a22f71f4a3f4df7f895b4f117335256ae3c)
        );
    }
}
