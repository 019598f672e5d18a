"""Running means and squared deviations (Welford 1962), from which metrics are estimated."""

from pplc.runtime.compiled import compiled


@compiled
def forget(mean, square):
    for i in range(mean.shape[0]):
        mean[i] = 0.0
        square[i] = 0.0


@compiled
def accumulate(value, mean, square, count):
    """Add `value` as observation number `count` (from 1)."""
    share = 1.0 / count
    for i in range(value.shape[0]):
        deviation = value[i] - mean[i]
        mean[i] += deviation * share
        square[i] += deviation * (value[i] - mean[i])


@compiled
def accumulate_covariance(value, mean, covariance, deviation, count):
    """The same for all products of deviations (lower triangle of `covariance`); `deviation` is work space."""
    share = (count - 1.0) / count
    for i in range(covariance.shape[0]):
        deviation[i] = value[i] - mean[i]
        mean[i] += deviation[i] / count
    for i in range(covariance.shape[0]):
        scaled = share * deviation[i]
        for j in range(i + 1):
            covariance[i, j] += scaled * deviation[j]
