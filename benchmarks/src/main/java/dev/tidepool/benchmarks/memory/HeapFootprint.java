package dev.tidepool.benchmarks.memory;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jol.info.GraphLayout;

/**
 * What each connection costs on the Java heap: what can be reached from the allocator, which knows
 * its connections, now, less what could be reached before they were opened. So everything that
 * connections share, event loops and all, cancels out, and what their allocator keeps for each of
 * them, such as an entry of a set, counts.
 */
final class HeapFootprint {
  private final Subject subject;
  private final long livingBefore;
  private final @Nullable GraphLayout before;

  private HeapFootprint(Subject subject, boolean jol) {
    this.subject = subject;
    this.livingBefore = ProcessMemory.livingHeap();
    this.before = jol ? secondWalk(subject) : null;
  }

  /** The first one loads classes, which the virtual machine remembers. */
  private static GraphLayout secondWalk(Subject subject) {
    var unused = walk(subject);
    return walk(subject);
  }

  /**
   * Call before the connections are opened.
   *
   * @param jol whether to walk the objects; otherwise the collector is asked
   */
  static HeapFootprint start(Subject subject, boolean jol) {
    return new HeapFootprint(subject, jol);
  }

  /** The subject leads to every open arena. */
  private static GraphLayout walk(Subject subject) {
    return GraphLayout.parseInstance(subject);
  }

  void report(String situation, Connections open, Figures figures) {
    if (before == null) {
      double living = (double) (ProcessMemory.livingHeap() - livingBefore) / open.count();
      figures.add(
          situation, "heap bytes per connection (after a collection)", Figures.BYTES, living);
    } else {
      reportWalked(situation, bytesByClass(before, open), figures);
    }
  }

  private static void reportWalked(String situation, Map<Class<?>, Double> bytes, Figures figures) {
    double sum = bytes.values().stream().mapToDouble(Double::doubleValue).sum();
    figures.add(situation, "heap bytes per arena (JOL)", Figures.BYTES, sum);
    bytes.forEach((type, each) -> reportClass(situation, type, each, figures));
  }

  private static void reportClass(String situation, Class<?> type, double bytes, Figures figures) {
    if (bytes >= 1) {
      figures.add(
          situation, "heap bytes per arena (JOL) in " + type.getTypeName(), Figures.BYTES, bytes);
    }
  }

  private Map<Class<?>, Double> bytesByClass(GraphLayout before, Connections open) {
    GraphLayout now = walk(subject);
    Map<Class<?>, Double> bytes = new TreeMap<>(Comparator.comparing(Class::getTypeName));
    for (Class<?> type : now.getClasses()) {
      long rise = now.getClassSizes().count(type) - before.getClassSizes().count(type);
      bytes.put(type, (double) rise / open.count());
    }
    return bytes;
  }
}
