// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MeterReadings} from "../../../contracts/MeterReadings.sol";
import {IMeterReadings, IMeterReadingsFacts, Quality} from "../../../contracts/interfaces/IMeterReadings.sol";
import {Community} from "./Community.sol";
import {turned, twin} from "./Forgeries.sol";

/// Two gateways and a meter with a key of its own: they post what they read, and whatever a signature was ever good for is tried
/// again wherever it mustn't be.
abstract contract Meters is Community {
    uint256 private constant OTHER_KEY = 0x6A7E2;
    uint256 private constant METER_KEY = 0x3E7E4;
    uint256 private constant OWN = 1; // of `points`, the one whose meter signs

    struct Batch {
        uint16 gateway;
        uint32 period;
        bytes body;
        bytes signature;
    }

    uint16 private _otherGateway; // that no point is bound to
    IMeterReadings private _otherReadings;
    Batch[] private _posted;

    function setUp() public virtual override {
        super.setUp();
        _otherGateway = registry.registerGateway(vm.addr(OTHER_KEY));
        _otherReadings = IMeterReadings(address(new MeterReadings(address(manager), calendarTimes(), registry)));
        registry.changeMeterKey(points[OWN], vm.addr(METER_KEY));
    }

    // --- gateways -----------------------------------------------------------------------------------------------

    /// All that is due, read as it was.
    function actRead(uint256 seed) external drawn(seed) {
        for (uint32 at = period - 1; at <= period + 1; ++at) {
            if (timeNow >= endsAt(at)) _post(_batch(at, _bodyOf(at)));
        }
    }

    /// Lanes of any point, known or not, with registers of any size.
    function actMisread(uint256 seed) external drawn(seed) {
        bytes memory body;
        uint32 at = _anyBoundary();
        for (uint256 i; i < 4; ++i) {
            uint24 point = uint24(_draw(points.length + 2));
            (uint256 importWh, uint256 exportWh) = _after(point, at);
            if (_draw(5) == 0) importWh = _draw(1 << 48);
            if (_draw(5) == 0) exportWh = _draw(1 << 48);
            body = bytes.concat(body, lane(point, importWh, exportWh, Quality(_draw(at < period ? 2 : 5))));
        }
        _post(_batch(at, body));
    }

    /// What was posted, posted twice more; for the next period; as another gateway's.
    function actReplay(uint256 seed) external drawn(seed) {
        if (_posted.length == 0) return;
        Batch memory batch = _posted[_draw(_posted.length)];
        uint256 kind = _draw(3);
        if (kind == 0) _tryPost(batch); // what stands before it may be known only by now
        if (kind == 1) ++batch.period;
        if (kind == 2) batch.gateway = _otherGateway;
        bytes32 before = _registersNow();
        _tryPost(batch);
        if (_registersNow() != before) _blame(6, "a batch counted twice");
    }

    /// A batch that nobody posted yet, signed for another chain, another contract, another period or by another gateway; with
    /// its signature's twin; with a bit turned in the signature or in what was signed.
    function actForge(uint256 seed) external drawn(seed) {
        uint32 at = _anyBoundary();
        bytes memory body = _bodyOf(at);
        uint256 kind = _draw(8);
        Batch memory batch = Batch(kind == 0 || kind == 1 ? _otherGateway : gateway, at, body, "");
        if (kind == 2) vm.chainId(block.chainid + 1);
        IMeterReadings signedFor = kind == 3 ? _otherReadings : readings;
        bytes32 digest = signedFor.batchHash(batch.gateway, kind == 4 ? at + 1 : at, bytes32(0), body);
        if (kind == 2) vm.chainId(block.chainid - 1);
        batch.signature = sign(kind == 0 ? OTHER_KEY : GATEWAY_KEY, digest);
        if (kind == 5) batch.signature = twin(batch.signature);
        if (kind == 6) batch.signature = turned(batch.signature, _draw(512));
        if (kind == 7) batch.body = turned(body, _draw(body.length * 8));
        bytes32 before = _registersNow();
        _tryPost(batch);
        if (_registersNow() != before) _blame(6, "a forged batch counted");
    }

    // --- the meter ----------------------------------------------------------------------------------------------

    /// Its own reading, posted twice.
    function actOwnReading(uint256 seed) external drawn(seed) {
        uint32 at = _anyBoundary();
        bytes memory signed = _ownReading(at, readings, points[OWN], METER_KEY);
        _tryPostOwn(at, signed);
        bytes32 before = _registersNow();
        _tryPostOwn(at, signed);
        if (_registersNow() != before) _blame(6, "a meter's reading counted twice");
    }

    /// As `actForge`, of the meter's own: for another contract, by another key, of another point, in another period, on another
    /// chain, with a bit turned.
    function actForgeOwn(uint256 seed) external drawn(seed) {
        uint32 at = _anyBoundary();
        uint256 kind = _draw(6);
        if (kind == 4) vm.chainId(block.chainid + 1);
        bytes memory signed = _ownReading(
            kind == 3 ? at + 1 : at,
            kind == 0 ? _otherReadings : readings,
            points[kind == 2 ? 0 : OWN],
            kind == 1 ? GATEWAY_KEY : METER_KEY
        );
        if (kind == 4) vm.chainId(block.chainid - 1);
        if (kind == 5) signed = turned(signed, _draw(signed.length * 8));
        bytes32 before = _registersNow();
        _tryPostOwn(at, signed);
        if (_registersNow() != before) _blame(6, "a forged reading of a meter counted");
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _anyBoundary() private returns (uint32) {
        return period + uint32(_draw(3)) - 1;
    }

    /// Registers that follow on those before, within the connection's limits.
    function _after(uint24 point, uint32 at) private returns (uint256 importWh, uint256 exportWh) {
        if (at < period) return (_draw(1 << 48), _draw(1 << 48));
        IMeterReadingsFacts.Reading memory before = readings.reading(point, at - 1);
        return (before.importRegister + _draw(4000), before.exportRegister + _draw(4000));
    }

    function _laneOf(uint24 point, uint32 at) private returns (bytes memory) {
        (uint256 importWh, uint256 exportWh) = _after(point, at);
        return lane(point, importWh, exportWh, at < period ? Quality.Base : Quality.Measured);
    }

    function _bodyOf(uint32 at) private returns (bytes memory body) {
        for (uint256 i; i < points.length; ++i) {
            body = bytes.concat(body, _laneOf(points[i], at));
        }
    }

    function _batch(uint32 at, bytes memory body) private view returns (Batch memory) {
        return Batch(gateway, at, body, sign(GATEWAY_KEY, readings.batchHash(gateway, at, bytes32(0), body)));
    }

    function _ownReading(uint32 at, IMeterReadings signedFor, uint24 point, uint256 key)
        private
        returns (bytes memory)
    {
        (uint256 importWh, uint256 exportWh) = _after(point, at);
        uint8 quality = uint8(at < period ? Quality.Base : Quality.Measured);
        bytes32 digest = signedFor.ownReadingHash(point, at, uint48(importWh), uint48(exportWh), quality);
        return bytes.concat(lane(point, importWh, exportWh, Quality(quality)), signCompact(key, digest));
    }

    function _post(Batch memory batch) private {
        if (_tryPost(batch)) _posted.push(batch);
    }

    function _tryPost(Batch memory batch) private returns (bool) {
        try readings.postReadings(batch.gateway, batch.period, bytes32(0), batch.body, batch.signature) {
            return true;
        } catch {
            return false;
        }
    }

    function _tryPostOwn(uint32 at, bytes memory signed) private {
        try readings.postOwnReadings(at, signed) {} catch {}
    }

    function _registersNow() private view returns (bytes32 digest) {
        for (uint256 i; i < points.length; ++i) {
            for (uint32 at = period - 1; at <= period + 1; ++at) {
                digest = keccak256(abi.encode(digest, readings.reading(points[i], at)));
            }
        }
    }
}
