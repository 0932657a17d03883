// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";
import {LimitWord} from "../types/LimitWord.sol";

/// The signed word of the authority that lets a party in; its EIP-712 type is exactly this struct.
struct Admission {
    address participant;
    uint8 area;
    bool buyer;
    bool seller;
    uint64 number; // chosen by the authority; each number admits once
    uint40 validUntil; // UTC seconds
}

/// A place where energy is metered. Limits are the greatest energy of one period at the connection's power.
struct MeteringPoint {
    AccountId account;
    uint8 carrier;
    uint24 maxImportWh;
    uint24 maxExportWh;
    uint24 defaultImportWh; // booked for a period whose reading never came
    uint16 resolutionWh; // the finest step of its register
    uint16 gateway; // 0: only the meter's own key signs
    uint32 firstPeriod; // the first period it takes part in
    bytes8 deviceType; // of the meter on it
    bool refined; // its gateway refines the register with the power register
}

/// A model of meters, as one register map reads it; its id is the first eight bytes of the hash of its name.
struct DeviceType {
    uint16 resolutionWh; // the finest step that its registers can show
    bool hasPower; // a power register, with which a gateway can refine them
    bool approved;
}

/// Participants and accounts, admissions, device types, metering points, gateway keys.
interface IRegistry {
    event AreaOpened(uint8 indexed area, address backstopOwner, address feeOwner);
    event ParticipantAdmitted(
        address indexed participant, AccountId indexed account, uint64 number, uint32 firstPeriod
    );
    event AdmissionRevoked(uint64 indexed number, AccountId account);
    event PointRegistered(uint24 indexed point, AccountId indexed account, MeteringPoint data);
    event GatewayRegistered(uint16 indexed gateway, address key);
    event GatewayKeyChanged(uint16 indexed gateway, address key);
    event PointMoved(uint24 indexed point, uint16 indexed gateway);
    event MeterKeyChanged(uint24 indexed point, address key);
    event AuthorityChanged(address authority);
    event DeviceTypeApproved(bytes8 indexed deviceType, string model, uint16 resolutionWh, bool hasPower);
    event DeviceTypeWithdrawn(bytes8 indexed deviceType);
    event DeviceChanged(uint24 indexed point, bytes8 indexed deviceType, uint16 resolutionWh, bool refined);

    error AdmissionExpired(uint40 validUntil);
    /// Each number admits once.
    error AdmissionUsed(uint64 number);
    error AdmissionIsRevoked(uint64 number);
    /// `signer` signed, or nobody (0).
    error NotTheAuthority(address signer);
    error AreaUnknown(uint8 area);
    error AreaAlreadyOpen(uint8 area);
    error AreaFull(uint8 area);
    error AccountUnknown(AccountId account);
    error PointUnknown(uint24 point);
    /// The account has 16 points of the carrier.
    error TooManyPoints(AccountId account);
    error GatewayUnknown(uint16 gateway);
    error DeviceTypeNotApproved(bytes8 deviceType);
    /// The type's registers show no step finer than `finestWh`.
    error ResolutionTooFine(uint16 resolutionWh, uint16 finestWh);
    /// Too coarse for periods of a quarter of an hour, unless the register is refined.
    error ResolutionTooCoarse(uint16 resolutionWh);
    /// Without it nothing refines the register.
    error PowerRegisterMissing(bytes8 deviceType);
    /// Both limits are 0, or the default import is above its own.
    error PointLimitUnusable();
    /// The area's points could feed in `wanted` Wh a period, more than the least `capacity` of its terms from now on.
    error ExportCapacityExceeded(uint8 area, uint256 wanted, uint256 capacity);

    // --- participants -------------------------------------------------------------------------------------------

    /// Opens an account for the participant the authority admitted. Anyone may present it: it can open only the
    /// participant's own account. Returns the new account.
    function admit(Admission calldata admission, bytes calldata signature) external returns (AccountId account);

    // --- administration: the operator; admissions and device types the regulator --------------------------------

    /// Opens an area with its backstop's and its fee account.
    function openArea(uint8 area, address backstopOwner, address feeOwner) external;
    /// Names who signs admissions from now on.
    function setAdmissionAuthority(address authority) external;
    /// Before use: the admission admits nobody. After: its account can no longer buy or sell; money and points stay.
    function revokeAdmission(uint64 number) external;
    /// `key` signs the batches of a new gateway; gateways are numbered from 1.
    function registerGateway(address key) external returns (uint16 gateway);
    /// What the old key signed and nobody has posted yet is refused from now on: the gateway signs it anew.
    function changeGatewayKey(uint16 gateway, address key) external;
    /// Another gateway reads the point from now on, whatever the period; 0: none but the meter itself.
    function movePoint(uint24 point, uint16 gateway) external;
    /// The key of the point's own meter, which may sign readings besides the gateway; 0: it has none.
    function changeMeterKey(uint24 point, address key) external;
    /// The point's `firstPeriod` is set here: the first period not yet tradable. Its device type is approved; a register of
    /// 10 Wh or coarser is refined where periods are a quarter of an hour or shorter. Refused when it lifts the area's Σ export
    /// limits above the least scheduled export capacity.
    function registerPoint(MeteringPoint calldata data) external returns (uint24 point);
    /// Another meter stands on the point from now on, of a type approved now; its registers go on by a meter exchange.
    function changeDevice(uint24 point, bytes8 deviceType, uint16 resolutionWh, bool refined) external;
    /// Lets points have meters of the model; again, to change what is known of it. `model`: as the device file names it.
    function approveDeviceType(string calldata model, uint16 resolutionWh, bool hasPower)
        external
        returns (bytes8 deviceType);
    /// No further point gets such a meter; those that have one go on being read.
    function withdrawDeviceType(bytes8 deviceType) external;

    // --- views --------------------------------------------------------------------------------------------------

    /// Who signs admissions.
    function authority712() external view returns (address);
    /// What the authority signs (EIP-712).
    function admissionHash(Admission calldata admission) external view returns (bytes32);
    /// The account that the admission opened; 0 before its use.
    function accountOfAdmission(uint64 number) external view returns (AccountId);
    /// Members of an area that take part in a period: indices 16 … 15 + count.
    function membersAt(uint8 area, uint32 period) external view returns (uint256 count);
    /// All open areas, in the order in which they were opened.
    function areas() external view returns (uint8[] memory);
    /// 0: there is no such gateway.
    function gatewayKey(uint16 gateway) external view returns (address);
    /// A registered point, or `PointUnknown`.
    function point(uint24 id) external view returns (MeteringPoint memory);
    /// Points are numbered from 1 to this.
    function pointCount() external view returns (uint24);
    /// 0: the meter has no key.
    function meterKey(uint24 point) external view returns (address);
    /// All 0 if it was never approved.
    function deviceType(bytes8 id) external view returns (DeviceType memory);
    /// The keys of the points of `count` words from word `first` on, four each (word = (id − 1) >> 2).
    function meterKeys(uint256 first, uint256 count) external view returns (address[] memory);
    /// Limits and gateways of four points each, from word `first` on (word = (id − 1) >> 2).
    function pointWords(uint256 first, uint256 count) external view returns (LimitWord[] memory);
    /// The points of `count` accounts of an area from index `first`, one element each: number 8 | first point 24 | second point 24,
    /// lowest first; an account with more than two is read by `pointsOf`.
    function pointsOfMany(uint8 area, uint8 carrier, uint256 first, uint256 count)
        external
        view
        returns (uint256[] memory);
    /// As they are stored: `count` words of four accounts from word `firstWord` on, account index i in word i >> 2, lane i & 3.
    function pointLanes(uint8 area, uint8 carrier, uint256 firstWord, uint256 count)
        external
        view
        returns (uint256[] memory);
    /// All points of an account, in order of registration; at most 16.
    function pointsOf(AccountId account, uint8 carrier) external view returns (uint24[] memory);
}
