// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts, SignedCancel} from "../../contracts/interfaces/IOrderBook.sol";
import {Admission} from "../../contracts/interfaces/IRegistry.sol";
import {HostileWallet} from "../../contracts/mocks/HostileWallet.sol";
import {SigningWallet} from "../../contracts/mocks/SigningWallet.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";
import {SignedOrder} from "./base/WattbookTest.sol";

/// Contract wallets own accounts, call directly, and sign by EIP-1271.
contract OrderBookWalletsTest is OrderBookTest {
    SigningWallet private wallet;
    HostileWallet private hostile;
    AccountId private walletAccount;
    AccountId private hostileAccount;

    function setUp() public override {
        super.setUp();
        (wallet, hostile) = (new SigningWallet(), new HostileWallet());
        (walletAccount, hostileAccount) = (admitContract(address(wallet)), admitContract(address(hostile)));
        fund(walletAccount, FUNDS);
        fund(hostileAccount, FUNDS);
    }

    function admitContract(address owner) private returns (AccountId) {
        Admission memory admission = admissionOf(1, true, true);
        admission.participant = owner;
        return registry.admit(admission, sign(AUTHORITY_KEY, registry.admissionHash(admission)));
    }

    function signedBy(Order order, bytes memory signature) private pure returns (bytes memory) {
        return packSigned(SignedOrder(order, new OrderRef[](0), signature), true);
    }

    function skipped(bytes memory batch, Order order, AccountId account) private {
        vm.expectEmit(address(book));
        emit IOrderBookFacts.OrderSkipped(
            0, order, abi.encodeWithSelector(IOrderBookFacts.SignatureInvalid.selector, account)
        );
        book.placeSigned(batch, ANY_TOUCHES);
    }

    // --- orders -------------------------------------------------------------------------------------------------

    function test_AContractWalletPlacesDirectly() public {
        Order order = bidAt(walletAccount, 100, 1500);
        wallet.forward(address(book), abi.encodeCall(book.placeOrder, (order, new OrderRef[](0), ANY_TOUCHES)));
        vm.assertEq(totalAt(1500), 100);
    }

    function test_AContractWalletsOrderIsRelayed() public {
        Order order = bidAt(walletAccount, 100, 1500);
        wallet.agree(book.orderHash(order), "a signature of its own kind");
        book.placeSigned(signedBy(order, "a signature of its own kind"), ANY_TOUCHES);
        vm.assertEq(totalAt(1500), 100);
        vm.assertEq(vault.nextNonce(walletAccount), 1);
    }

    function test_AContractWalletsSignatureMayBeAsLongAsAKeys() public {
        Order order = bidAt(walletAccount, 100, 1500);
        bytes memory signature = sign(ANA, book.orderHash(order));
        wallet.agree(book.orderHash(order), signature);
        book.placeSigned(signedBy(order, signature), ANY_TOUCHES);
        vm.assertEq(totalAt(1500), 100);
    }

    function test_WhatAContractWalletDidNotSignIsSkipped() public {
        Order order = bidAt(walletAccount, 100, 1500);
        wallet.agree(book.orderHash(order), "this");
        skipped(signedBy(order, "that"), order, walletAccount);
    }

    function test_OnlyTheAccountsOwnWalletSignsForIt() public {
        Order order = bidAt(ana, 100, 1500);
        wallet.agree(book.orderHash(order), "yes");
        skipped(signedBy(order, "yes"), order, ana);
    }

    function test_AHostileWalletNeitherBreaksNorOutspendsABatch() public {
        for (uint256 mood; mood < 4; ++mood) {
            hostile.feel(HostileWallet.Mood(mood));
            Order order = withNonce(bidAt(hostileAccount, 100, 1500), mood);
            Order good = withNonce(bidAt(ana, 100, 1400), mood);
            bytes memory batch = bytes.concat(signedBy(order, "x"), packSigned(signOrder(ANA, good)));
            uint256 gasBefore = gasleft();
            book.placeSigned(batch, ANY_TOUCHES);
            vm.assertLe(gasBefore - gasleft(), 600_000);
            vm.assertEq(totalAt(1400), 100 * (mood + 1));
        }
        // It says yes with much behind it: that is as good as any yes.
        vm.assertEq(totalAt(1500), 100);
    }

    // --- cancellations ------------------------------------------------------------------------------------------

    function relayCancel(AccountId account, OrderRef ref, bytes memory signature) private {
        SignedCancel[] memory batch = new SignedCancel[](1);
        batch[0] = SignedCancel(account, market, ref, 0, signature);
        book.cancelSigned(batch);
    }

    function test_AContractWalletsCancellationIsRelayed() public {
        Order order = bidAt(walletAccount, 100, 1500);
        wallet.forward(address(book), abi.encodeCall(book.placeOrder, (order, new OrderRef[](0), ANY_TOUCHES)));
        OrderRef ref = OrderRef.wrap(1500 << 16);
        wallet.agree(book.cancelHash(walletAccount, market, ref, 0), "cancel it");
        relayCancel(walletAccount, ref, "another");
        vm.assertTrue(isLive(ref));
        relayCancel(walletAccount, ref, "cancel it");
        vm.assertFalse(isLive(ref));
    }
}
