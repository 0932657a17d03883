// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EnergyToken} from "../../../contracts/EnergyToken.sol";
import {MeterReadings} from "../../../contracts/MeterReadings.sol";
import {Settlement} from "../../../contracts/Settlement.sol";
import {IMeterReadings, Quality} from "../../../contracts/interfaces/IMeterReadings.sol";
import {ISettlement} from "../../../contracts/interfaces/ISettlement.sol";

import {CoreTest} from "./CoreTest.sol";

/// Adds readings, certificates and settlement, connected as the deploy script connects them; venues are granted by the test.
abstract contract MeteredTest is CoreTest {
    IMeterReadings internal readings;
    EnergyToken internal certificates;
    ISettlement internal settlement;

    function setUp() public virtual override {
        super.setUp();
        readings = IMeterReadings(address(new MeterReadings(address(manager), calendarTimes(), registry)));
        certificates = new EnergyToken(address(manager), calendarTimes(), vault, readings);
        settlement = newSettlement();
        uint64 operator = manager.OPERATOR();
        allow(address(readings), readings.connectSettlement.selector, operator);
        allow(address(readings), readings.connectDisputes.selector, operator);
        allow(address(readings), readings.postSubstitute.selector, manager.GRID_OPERATOR());
        allow(address(readings), readings.correct.selector, manager.CORRECTOR());
        manager.grantRole(manager.CORRECTOR(), ADMIN, 0);
        allow(address(settlement), settlement.grantVenue.selector, manager.VENUE_GRANTOR());
        allow(address(settlement), settlement.revokeVenue.selector, operator);
        allow(address(certificates), certificates.connectMinter.selector, operator);
        vault.grantVenue(address(settlement), true);
        readings.connectSettlement(address(settlement));
        certificates.connectMinter(address(settlement));
    }

    function newSettlement() internal returns (ISettlement) {
        return ISettlement(
            address(
                new Settlement(address(manager), calendarTimes(), vault, registry, oversight, readings, certificates)
            )
        );
    }

    /// What Settlement holds of a (carrier, period): escrow, locks and guarantees of all areas.
    function potOfSettlement(uint8 carrier, uint32 period) internal view returns (uint256 amount) {
        (amount,) = vault.pot(address(settlement), (uint96(carrier) << 32) | (period % calendarTimes().ringPeriods));
    }

    // --- readings -----------------------------------------------------------------------------------------------

    /// One reading of a signed body: point u24 | import u48 | export u48 | quality u8 (as in the enum).
    function lane(uint24 point, uint256 importWh, uint256 exportWh, Quality quality)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(point, uint48(importWh), uint48(exportWh), uint8(quality));
    }

    function measured(uint24 point, uint256 importWh, uint256 exportWh) internal pure returns (bytes memory) {
        return lane(point, importWh, exportWh, Quality.Measured);
    }

    function base(uint24 point, uint256 importWh, uint256 exportWh) internal pure returns (bytes memory) {
        return lane(point, importWh, exportWh, Quality.Base);
    }

    function assertEnergy(uint24 point, uint32 period, uint256 importWh, uint256 exportWh) internal view {
        (bool known, uint256 seenImport, uint256 seenExport) = readings.energyOf(point, period);
        vm.assertTrue(known, "known");
        vm.assertEq(seenImport, importWh, "import");
        vm.assertEq(seenExport, exportWh, "export");
    }

    function assertUnknown(uint24 point, uint32 period) internal view {
        (bool known,,) = readings.energyOf(point, period);
        vm.assertFalse(known);
    }

    /// Posts a body of lanes for the period's end, signed by the test gateway.
    function post(uint32 period, bytes memory body) internal {
        bytes32 journal = keccak256("journal");
        bytes memory signature = sign(GATEWAY_KEY, readings.batchHash(gateway, period, journal, body));
        readings.postReadings(gateway, period, journal, body, signature);
    }
}
