# SPDX-License-Identifier: MIT
"""The deployment file, and whether the chain is as it says."""

from wattbook.errors.base import Exit, WattbookError


class DeploymentError(WattbookError):
    code = "deployment"
    exit_status = Exit.CHAIN
    http_status = 503
    sentence = "The deployment can't be used: {reason}."


class DeploymentMissing(DeploymentError):
    sentence = "There is no deployment file at {path}: deploy first, or correct the path."


class DeploymentUnreadable(DeploymentError):
    sentence = "The deployment file {path} can't be used: {reason}."


class WrongChain(DeploymentError):
    sentence = "The node is on chain {actual}, the deployment on {expected}: connect to chain {expected}."


class ContractMissing(DeploymentError):
    sentence = "No {contract} at {address} on chain {chain_id}: deploy first, or use another deployment file."


class ContractChanged(DeploymentError):
    sentence = (
        "{address} holds other code than the deployed {contract}: use the deployment file of this chain."
    )


class ContractUnknown(DeploymentError):
    sentence = "No contract is called {contract}: the known ones are {known}."


class AbiMissing(DeploymentError):
    sentence = "The ABI files are missing from {path}: run `make compile`, or install Wattbook again."
