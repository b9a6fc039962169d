"""The tape, custom gradients, forward mode and the registry: what each does, with its numbers and its errors."""

import tape_custom
import tape_errors
import tape_forward
import tape_gradients
import tape_jacobians
from tape_registry import registry


def make():
    return {
        "tape": tape_gradients.results(),
        "none_or_zero": tape_gradients.none_or_zero(),
        "jacobian": tape_jacobians.results(),
        "custom_gradient": tape_custom.results(),
        "forward": tape_forward.results(),
        "errors": tape_errors.results(),
        "registry": registry(),
    }
