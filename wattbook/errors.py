# SPDX-License-Identifier: MIT
"""Every error that Wattbook raises on purpose, as one tree.

    WattbookError
    ├── InputError                      what was typed or sent is wrong
    │   ├── AmountUnreadable            not a decimal number
    │   ├── AmountInexact               finer than the unit, and no rounding was named
    │   ├── AmountNegative
    │   ├── PriceOutOfRange             0 … 57,599 ticks
    │   ├── EnergyOutOfRange            10 … 8,388,607 Wh an order
    │   ├── IdOutOfRange                an area, period, account, … that no contract can hold
    │   ├── AddressUnreadable           not an Ethereum address
    │   ├── ArgumentUnusable            more, or another kind, than the contract's function can take
    │   ├── CancelUnclear               neither one order nor all of an account
    │   ├── DecisionUnclear             a dispute's decision that names no registers, or two
    │   └── CalendarInvalid             times that contradict each other or don't fit the ring
    ├── SettingsError                   flag, environment or TOML file
    │   ├── SettingUnknown
    │   ├── SettingMissing
    │   ├── SettingInvalid
    │   └── ConfigUnreadable
    ├── SecretError                     keys and passwords
    │   ├── KeystoreMissing
    │   ├── KeystoreUnreadable
    │   ├── KeystoreExists
    │   ├── PasswordMissing
    │   ├── PasswordWrong
    │   ├── KeyInvalid
    │   ├── KeyNotNamed
    │   └── DemoKeyRefused              the published mnemonic off Anvil and Ganache
    ├── ProcessError                    programs that we start
    │   ├── PortTaken
    │   ├── ProgramMissing
    │   ├── EngineMissing               a chain engine that has to be built first
    │   ├── EngineUnfit                 another version of it
    │   ├── ChainStalled                its nodes find no peers, or make no blocks
    │   ├── PartMissing                 a command whose package isn't installed
    │   ├── ProcessFailed               ended before it was ready
    │   ├── ProcessSilent               never said that it is ready
    │   └── ClockLost                   the stepped clock went away, or was never there
    ├── DeploymentError
    │   ├── DeploymentMissing
    │   ├── DeploymentUnreadable
    │   ├── WrongChain
    │   ├── ContractMissing             no code at the address
    │   ├── ContractChanged             other code at the address
    │   ├── ContractUnknown             a name that no ABI file has
    │   └── AbiMissing
    └── ChainError
        ├── ProfileMissing
        ├── ProfileInvalid
        ├── ChainUnreachable            transport: nobody answers, or garbage
        ├── RpcRefused                  the node answered with an error
        ├── BlockGone                   a pinned block is no longer in the chain
        ├── TransactionRefused          the node refused it for good
        ├── TransactionReverted         mined, but reverted
        ├── TransactionPending          not mined in time
        ├── SubmissionChanged           one idempotency key, two contents
        ├── JournalForeign              a sender's journal of another chain or key
        └── ContractError               a custom error of our contracts, see wattbook/chain/errors.py

`oracle` and `api` hang their own classes into this tree; what a class has is told in error_base.py.
"""

from wattbook.error_base import Exit as Exit
from wattbook.error_base import WattbookError as WattbookError


class InputError(WattbookError):
    code = "input"
    exit_status = Exit.INPUT
    http_status = 422
    sentence = "The input is wrong: {reason}."


class AmountUnreadable(InputError):
    code = "amount-unreadable"
    sentence = "{text!r} is not an amount: write digits with at most one decimal point, such as 12.5."


class AmountInexact(InputError):
    code = "amount-inexact"
    sentence = "{text} {unit} is finer than {step} {unit}: give a multiple of {step}."


class AmountNegative(InputError):
    code = "amount-negative"
    sentence = "{text} {unit} is below 0: give an amount of 0 or more."


class PriceOutOfRange(InputError):
    code = "price-out-of-range"
    sentence = "A price of {ticks} ticks is out of range: give 0 to 57,599 ticks (0 to 5.7599 per kWh)."


class EnergyOutOfRange(InputError):
    code = "energy-out-of-range"
    sentence = "An order of {wh} Wh is out of range: order 10 to 8,388,607 Wh."


class IdOutOfRange(InputError):
    code = "id-out-of-range"
    sentence = "{kind} {value} does not exist: give {low} to {high}."


class AddressUnreadable(InputError):
    code = "address-unreadable"
    sentence = "{text!r} is not an address: give 0x and 40 hexadecimal digits, their capitals as they came."


class ArgumentUnusable(InputError):
    code = "argument-unusable"
    sentence = "{function} can't take that: {reason}."


class CancelUnclear(InputError):
    code = "cancel-unclear"
    sentence = "It isn't clear what to cancel: give one order's place, or --all with --account."


class DecisionUnclear(InputError):
    code = "decision-unclear"
    sentence = "It isn't clear what is decided: give --uphold, --reject, or both --import and --export."


class CalendarInvalid(InputError):
    code = "calendar-invalid"
    sentence = "These times can't work together: {reason}."


class SettingsError(WattbookError):
    code = "settings"
    exit_status = Exit.INPUT
    sentence = "The settings are wrong: {reason}."


class SettingUnknown(SettingsError):
    code = "setting-unknown"
    sentence = "{source} has the unknown setting {name!r}: the known ones are {known}."


class SettingMissing(SettingsError):
    code = "setting-missing"
    sentence = "The setting {name} is missing: give --{flag}, set {variable}, or write it into the TOML file."


class SettingInvalid(SettingsError):
    code = "setting-invalid"
    sentence = "The setting {name} from {source} is {text!r}: give {expected}."


class ConfigUnreadable(SettingsError):
    code = "config-unreadable"
    sentence = "The configuration {path} can't be used: {reason}."


class SecretError(WattbookError):
    code = "secret"
    exit_status = Exit.SECRET
    sentence = "A key can't be used: {reason}."


class KeystoreMissing(SecretError):
    code = "keystore-missing"
    sentence = "There is no keystore at {path}: create one, or correct the path."


class KeystoreUnreadable(SecretError):
    code = "keystore-unreadable"
    sentence = "{path} is not an Ethereum keystore (version 3): restore it from a backup, or create another."


class KeystoreExists(SecretError):
    code = "keystore-exists"
    sentence = "{path} already holds a key: choose another path, Wattbook never overwrites a keystore."


class PasswordMissing(SecretError):
    code = "password-missing"
    sentence = "No password for the keystore: name a file that holds it, or set {variable}."


class PasswordWrong(SecretError):
    code = "password-wrong"
    sentence = "The password does not open {path}: give the one with which it was created."


class KeyInvalid(SecretError):
    code = "key-invalid"
    sentence = "The private key is not usable: give 32 bytes as hex, not 0 and below the order of secp256k1."


class DemoKeyRefused(SecretError):
    code = "demo-key-refused"
    sentence = "The published test keys are refused on chain {chain_id}: use a keystore of your own."


class KeyNotNamed(SecretError):
    code = "key-not-named"
    exit_status = Exit.INPUT
    sentence = "No key was named: give --keystore, or --demo-key on a local chain."


class ProcessError(WattbookError):
    code = "process"
    exit_status = Exit.PROCESS
    sentence = "A process failed: {reason}."


class PortTaken(ProcessError):
    code = "port-taken"
    sentence = "Port {port} of {host} is taken: stop the program that holds it, or choose another port."


class ProgramMissing(ProcessError):
    code = "program-missing"
    sentence = "The program {program} is missing: run `make setup`."


class EngineMissing(ProcessError):
    code = "engine-missing"
    sentence = "The chain engine {program} is missing: run `make {program}`, or name one with {variable}."


class EngineUnfit(ProcessError):
    code = "engine-unfit"
    sentence = "{path} is version {found}, but this chain needs {wanted}: run `make {program}`."


class ChainStalled(ProcessError):
    code = "chain-stalled"
    sentence = "The chain's nodes run but {lacks} after {seconds} s: read their logs in {folder}."


class PartMissing(ProcessError):
    code = "part-missing"
    sentence = "The part {part} is not installed here: it needs {where}."


class ProcessFailed(ProcessError):
    code = "process-failed"
    sentence = "{name} ended with status {status} before it was ready: {last_line}"


class ProcessSilent(ProcessError):
    code = "process-silent"
    sentence = "{name} was not ready after {seconds} s: read {log}."


class ClockLost(ProcessError):
    code = "clock-lost"
    sentence = "The stepped clock at {url} does not answer: start the program that conducts it first."


class DeploymentError(WattbookError):
    code = "deployment"
    exit_status = Exit.CHAIN
    http_status = 503
    sentence = "The deployment can't be used: {reason}."


class DeploymentMissing(DeploymentError):
    code = "deployment-missing"
    sentence = "There is no deployment file at {path}: deploy first, or correct the path."


class DeploymentUnreadable(DeploymentError):
    code = "deployment-unreadable"
    sentence = "The deployment file {path} can't be used: {reason}."


class WrongChain(DeploymentError):
    code = "wrong-chain"
    sentence = "The node is on chain {actual}, the deployment on {expected}: connect to chain {expected}."


class ContractMissing(DeploymentError):
    code = "contract-missing"
    sentence = "No {contract} at {address} on chain {chain_id}: deploy first, or use another deployment file."


class ContractChanged(DeploymentError):
    code = "contract-changed"
    sentence = (
        "{address} holds other code than the deployed {contract}: use the deployment file of this chain."
    )


class ContractUnknown(DeploymentError):
    code = "contract-unknown"
    sentence = "No contract is called {contract}: the known ones are {known}."


class AbiMissing(DeploymentError):
    code = "abi-missing"
    sentence = "The ABI files are missing from {path}: run `make compile`, or install Wattbook again."


class ChainError(WattbookError):
    code = "chain"
    exit_status = Exit.CHAIN
    http_status = 503
    sentence = "The chain can't be used: {reason}."


class ProfileMissing(ChainError):
    code = "profile-missing"
    exit_status = Exit.INPUT
    sentence = "There is no chain profile {name!r}: the known ones are {known}."


class ProfileInvalid(ChainError):
    code = "profile-invalid"
    exit_status = Exit.INPUT
    sentence = "The chain profile {path} can't be used: {reason}."


class ChainUnreachable(ChainError):
    code = "chain-unreachable"
    sentence = "The node at {url} does not answer ({reason}): start it, or correct the RPC address."


class RpcRefused(ChainError):
    # rpc_code, rpc_message and rpc_data (a fact too) are the node's own words.
    code = "rpc-refused"
    http_status = 502
    sentence = "The node refused {method}: {rpc_message} (code {rpc_code})."


class BlockGone(ChainError):
    code = "block-gone"
    sentence = "Block {block} is no longer in the chain: read again from the present head."


class TransactionRefused(ChainError):
    code = "transaction-refused"
    exit_status = Exit.REFUSED
    http_status = 502
    sentence = "The node refuses the transaction for good: {reason}."


class TransactionReverted(ChainError):
    code = "transaction-reverted"
    exit_status = Exit.REFUSED
    sentence = "The transaction {transaction} was reverted: somebody was faster; look, then try again."


class TransactionPending(ChainError):
    code = "transaction-pending"
    sentence = "{transaction} is in no block after {seconds} s: look whether the chain makes blocks."


class SubmissionChanged(ChainError):
    code = "submission-changed"
    http_status = 409
    sentence = "{key!r} was already submitted with another content: use a new idempotency key."


class JournalForeign(ChainError):
    code = "journal-foreign"
    exit_status = Exit.INPUT
    sentence = (
        "The journal {path} belongs to {found}, not {expected}: give every key and chain its own journal."
    )


class ContractError(ChainError):
    code = "contract-refused"
    exit_status = Exit.REFUSED
    http_status = 409
    sentence = "The contract refused: {reason}."
