package dev.tidepool.echo.compare;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.DoubleStream;

/**
 * The runs of one subject beside those of its peers, in one metric of one scenario. Which peer is
 * the best is found in the same runs that are tested, and chance helps to choose it: p-values and
 * intervals allow for that.
 */
final class BestPeer {
  private final Metric metric;
  private final double[] ours;
  private final Map<String, double[]> peers;

  /**
   * @param ours at least one value
   * @param peers at least one, by label, with at least one value each
   */
  BestPeer(Metric metric, double[] ours, Map<String, double[]> peers) {
    this.metric = metric;
    this.ours = ours.clone();
    this.peers = peers;
  }

  /** The label of the peer with the best median. */
  String label() {
    Comparator<Entry<String, double[]>> byMedian =
        Comparator.comparingDouble(peer -> Statistics.median(peer.getValue()));
    return peers.entrySet().stream()
        .min(metric.moreIsBetter() ? byMedian.reversed() : byMedian)
        .orElseThrow()
        .getKey();
  }

  double ourMedian() {
    return Statistics.median(ours);
  }

  /** The best of the peers' medians. */
  double median() {
    return peers.values().stream().mapToDouble(Statistics::median).reduce(this::best).orElseThrow();
  }

  private double best(double one, double other) {
    return metric.isBetter(one, other) ? one : other;
  }

  /** Of our median to the best peer's, which may be another in each resample. */
  Estimate ratio() {
    return Statistics.ofRatio(ours, peers.values(), this::best);
  }

  /**
   * The probability of being that much better or worse, if it is not so; 1 if the medians are
   * equal. Whoever is better than the best peer is better than each, so that the largest p-value
   * holds (an intersection–union test); to be worse, one of the better peers is enough, so that the
   * smallest holds as often as there are peers (Bonferroni's correction).
   */
  double pValue() {
    if (!metric.isBetter(ourMedian(), median())) {
      return Math.min(1, peers.size() * pValues(betterPeers()).min().orElse(1));
    }
    return pValues(peers.values()).max().orElse(1);
  }

  private Collection<double[]> betterPeers() {
    double median = ourMedian();
    return peers.values().stream()
        .filter(peer -> metric.isBetter(Statistics.median(peer), median))
        .toList();
  }

  private DoubleStream pValues(Collection<double[]> others) {
    return others.stream().mapToDouble(peer -> Statistics.pValue(ours, peer));
  }

  /** The fewest runs of one of them. */
  int fewestRuns() {
    return peers.values().stream().mapToInt(peer -> peer.length).reduce(ours.length, Math::min);
  }

  int peers() {
    return peers.size();
  }
}
