// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Registry} from "../../contracts/Registry.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {Admission, IRegistry} from "../../contracts/interfaces/IRegistry.sol";
import {AccountId, FIRST_MEMBER, accountId} from "../../contracts/types/AccountId.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// Who is let in, and what becomes of those who are put out.
contract RegistryAdmissionTest is CoreTest {
    uint256 private constant SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    // --- admit --------------------------------------------------------------------------------------------------

    function test_AnAdmissionOpensTheNextAccountOfItsArea() public {
        AccountId ana = admit(ANA);
        AccountId ben = admit(BEN);
        vm.assertTrue(ana == accountId(AREA, FIRST_MEMBER));
        vm.assertTrue(ben == accountId(AREA, FIRST_MEMBER + 1));
        vm.assertEq(vault.ownerOf(ana), vm.addr(ANA));
    }

    function test_AnyoneMayPresentAnAdmissionButOnlyItsParticipantGetsTheAccount() public {
        (Admission memory admission, bytes memory signature) = _signed();
        vm.expectEmit(address(registry));
        emit IRegistry.ParticipantAdmitted(
            vm.addr(ANA), accountId(AREA, FIRST_MEMBER), admission.number, firstUntradable()
        );
        vm.prank(vm.addr(BEN));
        AccountId account = registry.admit(admission, signature);
        vm.assertEq(vault.ownerOf(account), vm.addr(ANA));
        vm.assertTrue(registry.accountOfAdmission(admission.number) == account);
    }

    function testFuzz_TheRightsAreTheAdmissions(bool buyer, bool seller) public {
        AccountId account = admit(ANA, buyer, seller);
        (bool mayBuy, bool maySell) = vault.rightsOf(account);
        vm.assertEq(mayBuy, buyer);
        vm.assertEq(maySell, seller);
    }

    function test_TheShortFormOfASignatureCountsToo() public {
        Admission memory admission = admissionOf(ANA, true, true);
        registry.admit(admission, signCompact(AUTHORITY_KEY, registry.admissionHash(admission)));
    }

    function test_AnAdmissionHoldsUntilItsLastSecond() public {
        (Admission memory admission, bytes memory signature) = _signed();
        vm.warp(admission.validUntil);
        registry.admit(admission, signature);
    }

    function test_AnExpiredAdmissionAdmitsNobody() public {
        (Admission memory admission, bytes memory signature) = _signed();
        vm.warp(admission.validUntil + 1);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AdmissionExpired.selector, admission.validUntil));
        registry.admit(admission, signature);
    }

    function test_AnAdmissionAdmitsOnce() public {
        (Admission memory admission, bytes memory signature) = _signed();
        registry.admit(admission, signature);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AdmissionUsed.selector, admission.number));
        registry.admit(admission, signature);
    }

    function test_ANumberAdmitsOnceWhoeverItNames() public {
        (Admission memory admission, bytes memory signature) = _signed();
        registry.admit(admission, signature);
        admission.participant = vm.addr(BEN);
        signature = sign(AUTHORITY_KEY, registry.admissionHash(admission));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AdmissionUsed.selector, admission.number));
        registry.admit(admission, signature);
    }

    function test_AnAdmissionRevokedBeforeUseAdmitsNobody() public {
        (Admission memory admission, bytes memory signature) = _signed();
        registry.revokeAdmission(admission.number);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AdmissionIsRevoked.selector, admission.number));
        registry.admit(admission, signature);
    }

    function test_AnAdmissionToAnAreaThatIsNotOpenIsRefused() public {
        Admission memory admission = admissionOf(ANA, true, true);
        admission.area = 7;
        bytes memory signature = sign(AUTHORITY_KEY, registry.admissionHash(admission));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AreaUnknown.selector, 7));
        registry.admit(admission, signature);
    }

    // --- signatures ---------------------------------------------------------------------------------------------

    function test_OnlyTheAuthoritysSignatureAdmits() public {
        Admission memory admission = admissionOf(ANA, true, true);
        bytes memory signature = sign(ANA, registry.admissionHash(admission));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotTheAuthority.selector, vm.addr(ANA)));
        registry.admit(admission, signature);
    }

    function testFuzz_NothingInASignedAdmissionCanBeChanged(Admission memory forged) public {
        (Admission memory admission, bytes memory signature) = _signed();
        vm.assume(keccak256(abi.encode(forged)) != keccak256(abi.encode(admission)));
        forged.area = AREA;
        if (forged.validUntil < block.timestamp) forged.validUntil = admission.validUntil;
        vm.assume(registry.admissionHash(forged) != registry.admissionHash(admission));
        vm.expectPartialRevert(IRegistry.NotTheAuthority.selector);
        registry.admit(forged, signature);
    }

    function test_ASignatureOfHighSIsRefused() public {
        Admission memory admission = admissionOf(ANA, true, true);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(AUTHORITY_KEY, registry.admissionHash(admission));
        bytes memory signature = abi.encodePacked(r, SECP256K1_ORDER - uint256(s), v == 27 ? uint8(28) : 27);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotTheAuthority.selector, address(0)));
        registry.admit(admission, signature);
    }

    function testFuzz_AMalformedSignatureIsRefused(bytes memory signature) public {
        Admission memory admission = admissionOf(ANA, true, true);
        vm.expectPartialRevert(IRegistry.NotTheAuthority.selector);
        registry.admit(admission, signature);
    }

    function test_AnAdmissionOfAnotherChainIsRefused() public {
        (Admission memory admission, bytes memory signature) = _signed();
        vm.chainId(1);
        vm.expectPartialRevert(IRegistry.NotTheAuthority.selector);
        registry.admit(admission, signature);
    }

    function test_AnAdmissionToAnotherRegistryIsRefused() public {
        Registry other = new Registry(address(manager), calendarTimes(), vault, oversight);
        Admission memory admission = admissionOf(ANA, true, true);
        bytes memory signature = sign(AUTHORITY_KEY, other.admissionHash(admission));
        vm.expectPartialRevert(IRegistry.NotTheAuthority.selector);
        registry.admit(admission, signature);
    }

    function test_TheHashIsTheOneWalletsCompute() public {
        Admission memory admission = admissionOf(ANA, true, false);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Wattbook"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "Admission(address participant,uint8 area,bool buyer,bool seller,uint64 number,uint40 validUntil)"
                ),
                admission.participant,
                admission.area,
                admission.buyer,
                admission.seller,
                admission.number,
                admission.validUntil
            )
        );
        bytes32 expected = keccak256(abi.encodePacked("\x19\x01", domain, message));
        vm.assertEq(registry.admissionHash(admission), expected);
    }

    function test_ANewAuthorityEndsTheOldOnesWord() public {
        (Admission memory admission, bytes memory signature) = _signed();
        registry.setAdmissionAuthority(vm.addr(BEN));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotTheAuthority.selector, vm.addr(AUTHORITY_KEY)));
        registry.admit(admission, signature);
        registry.admit(admission, sign(BEN, registry.admissionHash(admission)));
    }

    function test_WithoutAnAuthorityNobodyIsAdmitted() public {
        registry.setAdmissionAuthority(address(0));
        Admission memory admission = admissionOf(ANA, true, true);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotTheAuthority.selector, address(0)));
        registry.admit(admission, new bytes(65));
    }

    // --- revoke -------------------------------------------------------------------------------------------------

    function test_ARevokedMemberTradesNoMoreButItsMoneyStaysItsOwn() public {
        AccountId ana = admit(ANA);
        fund(ana, 1000);
        vault.grantVenue(address(this), false);
        vault.lock(ana, vm.addr(ANA), 1, 400, false);
        registry.revokeAdmission(1);

        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotBuyer.selector, ana));
        vault.lock(ana, vm.addr(ANA), 1, 0, false);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotSeller.selector, ana));
        vault.lock(ana, vm.addr(ANA), 1, 0, true);

        vault.release(ana, 1, 400);
        vm.prank(vm.addr(ANA));
        vault.withdraw(ana, 100, vm.addr(ANA));
        vm.assertEq(euro.balanceOf(vm.addr(ANA)), 100);
    }

    function test_ARevokedMemberStillTakesPartInSettlement() public {
        AccountId ana = admit(ANA);
        uint24 point = registerPoint(ana);
        registry.revokeAdmission(1);
        vm.assertEq(registry.membersAt(AREA, firstUntradable()), 1);
        vm.assertTrue(registry.point(point).account == ana);
    }

    function test_AnAdmissionIsRevokedOnce() public {
        registry.revokeAdmission(5);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AdmissionIsRevoked.selector, 5));
        registry.revokeAdmission(5);
    }

    function test_WhoWasRevokedComesBackWithANewAdmissionAndANewAccount() public {
        AccountId first = admit(ANA);
        registry.revokeAdmission(1);
        AccountId second = admit(ANA);
        vm.assertTrue(first != second);
        (bool buyer,) = vault.rightsOf(second);
        vm.assertTrue(buyer);
    }

    // --- taking part --------------------------------------------------------------------------------------------

    function test_AMemberTakesPartFromTheFirstPeriodNotYetTradable() public {
        uint32 first = firstUntradable();
        admit(ANA);
        vm.warp(block.timestamp + 3 * PERIOD_SECONDS);
        admit(BEN);
        admit(CEM);
        vm.assertEq(registry.membersAt(AREA, first - 1), 0);
        vm.assertEq(registry.membersAt(AREA, first), 1);
        vm.assertEq(registry.membersAt(AREA, first + 2), 1);
        vm.assertEq(registry.membersAt(AREA, first + 3), 3);
        vm.assertEq(registry.membersAt(AREA, type(uint32).max), 3);
    }

    function testFuzz_NobodyJoinsAPeriodWhoseTradingIsOpen(uint32 delay, uint32 lead) public {
        vm.warp(block.timestamp + delay % 30 days);
        uint32 first = firstUntradable();
        uint32 tradable = first - 1 - lead % 96;
        uint256 before = registry.membersAt(AREA, tradable);
        admit(ANA);
        vm.assertEq(registry.membersAt(AREA, tradable), before);
        vm.assertLe(startsAt(first - 1), block.timestamp + calendarTimes().opensBefore);
    }

    // --- areas --------------------------------------------------------------------------------------------------

    function test_AnAreaOpensOnceWithAccountsThatDoNotTrade() public {
        vm.assertEq(registry.areas().length, 1);
        vm.assertEq(vault.ownerOf(backstop()), BACKSTOP);
        vm.assertEq(vault.ownerOf(fees()), FEES);
        (bool buyer, bool seller) = vault.rightsOf(backstop());
        vm.assertFalse(buyer || seller);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AreaAlreadyOpen.selector, AREA));
        registry.openArea(AREA, BACKSTOP, FEES);
    }

    function test_MembersOfTwoAreasAreCountedApart() public {
        registry.openArea(2, BACKSTOP, FEES);
        admit(ANA);
        Admission memory admission = admissionOf(BEN, true, true);
        admission.area = 2;
        AccountId ben = registry.admit(admission, sign(AUTHORITY_KEY, registry.admissionHash(admission)));
        vm.assertTrue(ben == accountId(2, FIRST_MEMBER));
        vm.assertEq(registry.membersAt(2, firstUntradable()), 1);
        vm.assertEq(registry.areas().length, 2);
    }

    function testFuzz_AdministrationIsClosedToOthers(address caller) public {
        vm.assume(caller != ADMIN);
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        registry.openArea(9, caller, caller);
        vm.expectRevert(refusal);
        registry.setAdmissionAuthority(caller);
        vm.expectRevert(refusal);
        registry.revokeAdmission(1);
        vm.expectRevert(refusal);
        registry.registerGateway(caller);
        vm.expectRevert(refusal);
        registry.changeGatewayKey(1, caller);
        vm.stopPrank();
    }

    function _signed() private returns (Admission memory admission, bytes memory signature) {
        admission = admissionOf(ANA, true, true);
        signature = sign(AUTHORITY_KEY, registry.admissionHash(admission));
    }
}
