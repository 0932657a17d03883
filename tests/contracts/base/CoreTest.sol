// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Administration} from "../../../contracts/Administration.sol";
import {GridOversight} from "../../../contracts/GridOversight.sol";
import {PaymentVault} from "../../../contracts/PaymentVault.sol";
import {Registry} from "../../../contracts/Registry.sol";
import {Admission, MeteringPoint} from "../../../contracts/interfaces/IRegistry.sol";
import {TestEuro} from "../../../contracts/mocks/TestEuro.sol";
import {AccountId, backstopAccount, feeAccount} from "../../../contracts/types/AccountId.sol";
import {CalendarTimes} from "../../../contracts/types/Calendar.sol";
import {Market, toMarket} from "../../../contracts/types/Market.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

import {Vm} from "./Vm.sol";

/// Deploys what every venue stands on (vault, oversight, registry), hands out the roles as the deploy script
/// does, opens one area with terms, and helps with people, money and points.
abstract contract CoreTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bool public constant IS_TEST = true;

    uint8 internal constant AREA = 1;
    uint8 internal constant NEIGHBOUR = 2; // an area that some tests open beside it
    uint8 internal constant ELECTRICITY = 0;
    uint256 internal constant PERIOD_SECONDS = 900;
    /// The first instant of every test, a period's start.
    uint256 internal constant START = 1_800_000_000;

    uint16 internal constant RETAIL = 3200;
    uint16 internal constant FEED_IN = 800;
    uint40 internal constant EXPORT_CAPACITY = 1_000_000;
    uint256 internal constant CASH_DECIMALS = 7;
    uint256 internal constant CASH_PER_TOKEN_UNIT = 10;

    uint256 internal constant AUTHORITY_KEY = 0xA117;
    uint256 internal constant GATEWAY_KEY = 0x6A7E;
    uint256 internal constant ANA = 0xA4A;
    uint256 internal constant BEN = 0xBE4;
    uint256 internal constant CEM = 0xCE3;
    uint256 internal constant DORA = 0xD08A;
    string internal constant MODEL = "schneider-iem3155";
    bytes8 internal constant METER = bytes8(keccak256(bytes(MODEL)));

    address internal immutable ADMIN = address(this);
    address internal immutable BACKSTOP = address(uint160(0xBAC5));
    address internal immutable FEES = address(uint160(0xFEE5));

    Administration internal manager;
    TestEuro internal euro;
    PaymentVault internal vault;
    GridOversight internal oversight;
    Registry internal registry;

    uint16 internal gateway;
    uint64 private _lastAdmission;

    function setUp() public virtual {
        vm.warp(START);
        manager = new Administration(ADMIN);
        euro = newEuro();
        vault = new PaymentVault(address(manager), address(euro), CASH_DECIMALS);
        oversight = new GridOversight(address(manager), calendarTimes(), vault);
        registry = new Registry(address(manager), calendarTimes(), vault, oversight);
        _handOutRoles();
        _openArea(AREA);
        gateway = registry.registerGateway(vm.addr(GATEWAY_KEY));
        registry.setAdmissionAuthority(vm.addr(AUTHORITY_KEY));
        registry.approveDeviceType(MODEL, 1, false);
        // From now on all periods that anyone can trade have terms.
        vm.warp(START + calendarTimes().opensBefore + calendarTimes().periodSeconds);
    }

    function newEuro() internal virtual returns (TestEuro) {
        return new TestEuro();
    }

    function calendarTimes() internal pure virtual returns (CalendarTimes memory) {
        return CalendarTimes({
            periodSeconds: uint32(PERIOD_SECONDS),
            opensBefore: 24 hours,
            gateBefore: 5 minutes,
            finalAfter: 1 hours,
            substitutesUntil: 24 hours,
            correctionsUntil: 7 days,
            handOutUntil: 9 days,
            ringPeriods: 1024
        });
    }

    // --- time ---------------------------------------------------------------------------------------------------

    function periodNow() internal view returns (uint32) {
        return uint32(block.timestamp / calendarTimes().periodSeconds);
    }

    /// The first period whose trading hasn't opened.
    function firstUntradable() internal view returns (uint32) {
        return uint32((block.timestamp + calendarTimes().opensBefore) / calendarTimes().periodSeconds + 1);
    }

    /// Goes on until whoever registered so far takes part in every tradable period; returns one of those.
    function warpToParticipation() internal returns (uint32 period) {
        period = firstUntradable();
        vm.warp(startsAt(period) - calendarTimes().opensBefore);
    }

    function startsAt(uint32 period) internal pure returns (uint256) {
        return uint256(period) * calendarTimes().periodSeconds;
    }

    function endsAt(uint32 period) internal pure returns (uint256) {
        return startsAt(period + 1);
    }

    function electricity(uint32 period) internal pure returns (Market) {
        return toMarket(AREA, ELECTRICITY, period);
    }

    // --- people -------------------------------------------------------------------------------------------------

    /// Admits the owner of `key` as buyer and seller.
    function admit(uint256 key) internal returns (AccountId) {
        return admit(key, true, true);
    }

    function admit(uint256 key, bool buyer, bool seller) internal returns (AccountId) {
        Admission memory admission = admissionOf(key, buyer, seller);
        return registry.admit(admission, sign(AUTHORITY_KEY, registry.admissionHash(admission)));
    }

    /// As above, in another area.
    function admitTo(uint8 area, uint256 key) internal returns (AccountId) {
        Admission memory admission = admissionOf(key, true, true);
        admission.area = area;
        return registry.admit(admission, sign(AUTHORITY_KEY, registry.admissionHash(admission)));
    }

    /// An admission that nobody has signed yet, valid for an hour.
    function admissionOf(uint256 key, bool buyer, bool seller) internal returns (Admission memory) {
        return Admission({
            participant: vm.addr(key),
            area: AREA,
            buyer: buyer,
            seller: seller,
            number: ++_lastAdmission,
            validUntil: uint40(block.timestamp + 1 hours)
        });
    }

    /// 65 bytes: r, s, v.
    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// 64 bytes (EIP-2098): r, s with v in its highest bit.
    function signCompact(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, digest);
        return abi.encodePacked(r, vs);
    }

    // --- money --------------------------------------------------------------------------------------------------

    /// Deposits `cash` cash units for the account, freshly minted.
    function fund(AccountId account, uint256 cash) internal {
        uint256 amount = (cash + CASH_PER_TOKEN_UNIT - 1) / CASH_PER_TOKEN_UNIT;
        euro.mint(address(this), amount);
        euro.approve(address(vault), amount);
        vault.deposit(account, amount);
    }

    function backstop() internal pure returns (AccountId) {
        return backstopAccount(AREA);
    }

    function fees() internal pure returns (AccountId) {
        return feeAccount(AREA);
    }

    // --- points -------------------------------------------------------------------------------------------------

    /// A point of 5 kWh import and 5 kWh export a period, 100 Wh by default, resolved to 1 Wh.
    function registerPoint(AccountId account) internal returns (uint24) {
        return registerPoint(account, 5000, 5000, 100);
    }

    function registerPoint(AccountId account, uint24 maxImportWh, uint24 maxExportWh, uint24 defaultImportWh)
        internal
        returns (uint24)
    {
        return registry.registerPoint(pointOf(account, maxImportWh, maxExportWh, defaultImportWh));
    }

    function pointOf(AccountId account, uint24 maxImportWh, uint24 maxExportWh, uint24 defaultImportWh)
        internal
        view
        returns (MeteringPoint memory)
    {
        return MeteringPoint({
            account: account,
            carrier: ELECTRICITY,
            maxImportWh: maxImportWh,
            maxExportWh: maxExportWh,
            defaultImportWh: defaultImportWh,
            resolutionWh: 1,
            gateway: gateway,
            firstPeriod: 0,
            deviceType: METER,
            refined: false
        });
    }

    // --- terms --------------------------------------------------------------------------------------------------

    function usualTerms() internal pure returns (Terms memory) {
        return termsWithLevies(0, 0);
    }

    function termsWithLevies(uint16 levyBuy, uint16 levySell) internal pure returns (Terms memory) {
        return Terms({
            retailTicks: RETAIL,
            feedInTicks: FEED_IN,
            levyBuyTicks: levyBuy,
            levySellTicks: levySell,
            exportCapacityWh: EXPORT_CAPACITY,
            inboundCapacityWh: 0,
            shareCapWh: 0
        });
    }

    /// Opens the area NEIGHBOUR with the usual terms.
    function openNeighbour() internal {
        _openArea(NEIGHBOUR);
    }

    // --- deployment ---------------------------------------------------------------------------------------------

    function _openArea(uint8 area) private {
        registry.openArea(area, BACKSTOP, FEES);
        oversight.scheduleTerms(area, ELECTRICITY, firstUntradable(), usualTerms());
    }

    /// This contract is administrator, operator, regulator and grid operator in one.
    function _handOutRoles() private {
        manager.grantRole(manager.OPERATOR(), ADMIN, 0);
        manager.grantRole(manager.VENUE_GRANTOR(), ADMIN, 0);
        manager.grantRole(manager.REGULATOR(), ADMIN, 0);
        manager.grantRole(manager.GRID_OPERATOR(), ADMIN, 0);
        manager.grantRole(manager.VAULT_REGISTRY(), address(registry), 0);
        manager.grantRole(manager.VAULT_OVERSIGHT(), address(oversight), 0);
        manager.grantRole(manager.VAULT_RIGHTS(), address(registry), 0);
        manager.grantRole(manager.VAULT_RIGHTS(), address(oversight), 0);

        uint64 operator = manager.OPERATOR();
        allow(address(vault), vault.grantVenue.selector, manager.VENUE_GRANTOR());
        allow(address(vault), vault.revokeVenue.selector, operator);
        allow(address(oversight), oversight.grantVenue.selector, manager.VENUE_GRANTOR());
        allow(address(oversight), oversight.revokeVenue.selector, operator);
        allow(address(registry), registry.openArea.selector, operator);
        allow(address(registry), registry.setAdmissionAuthority.selector, operator);
        allow(address(registry), registry.registerGateway.selector, operator);
        allow(address(registry), registry.changeGatewayKey.selector, operator);
        allow(address(registry), registry.registerPoint.selector, operator);
        allow(address(registry), registry.movePoint.selector, operator);
        allow(address(registry), registry.changeMeterKey.selector, operator);
        allow(address(registry), registry.changeDevice.selector, operator);

        uint64 regulator = manager.REGULATOR();
        allow(address(registry), registry.revokeAdmission.selector, regulator);
        allow(address(registry), registry.approveDeviceType.selector, regulator);
        allow(address(registry), registry.withdrawDeviceType.selector, regulator);
        allow(address(oversight), oversight.haltTrading.selector, regulator);
        allow(address(oversight), oversight.resumeTrading.selector, regulator);
        allow(address(oversight), oversight.voidMarket.selector, regulator);
        allow(address(oversight), oversight.suspend.selector, regulator);

        allow(address(oversight), oversight.scheduleTerms.selector, manager.GRID_OPERATOR());
        allow(address(oversight), oversight.scheduleConnection.selector, manager.GRID_OPERATOR());
        allow(address(oversight), oversight.noteExportLimits.selector, manager.VAULT_REGISTRY());
        allow(address(oversight), oversight.noteRevocation.selector, manager.VAULT_REGISTRY());
        allow(address(vault), vault.openAccount.selector, manager.VAULT_REGISTRY());
        allow(address(vault), vault.setRights.selector, manager.VAULT_RIGHTS());
        allow(address(vault), vault.closePot.selector, manager.VAULT_OVERSIGHT());
    }

    function allow(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }
}
