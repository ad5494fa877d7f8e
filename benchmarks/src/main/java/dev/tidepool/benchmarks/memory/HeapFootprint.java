package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.Subject;
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
  static final String PER_ARENA = "heap bytes per arena (JOL)";

  private final Subject subject;
  private final long livingBefore;
  private final @Nullable GraphLayout before;

  /**
   * Before the connections are opened.
   *
   * @param jol whether to walk the objects; otherwise the collector is asked
   */
  HeapFootprint(Subject subject, boolean jol) {
    this.subject = subject;
    this.livingBefore = ProcessMemory.livingHeap();
    this.before = jol ? secondWalk(subject) : null;
  }

  /** The first one loads classes, which the virtual machine remembers. */
  private static GraphLayout secondWalk(Subject subject) {
    var unused = walk(subject);
    return walk(subject);
  }

  /** The subject leads to every open arena. */
  private static GraphLayout walk(Subject subject) {
    return GraphLayout.parseInstance(subject);
  }

  void report(String situation, Connections open) {
    if (before == null) {
      MemoryBenchmark.addLiving(situation, livingBefore, open.count());
      return;
    }
    Map<Class<?>, Double> bytes = bytesByClass(before, open);
    double sum = bytes.values().stream().mapToDouble(Double::doubleValue).sum();
    Figures.add(situation, PER_ARENA, Figures.BYTES, sum);
    bytes.forEach((type, each) -> reportClass(situation, type, each));
  }

  private static void reportClass(String situation, Class<?> type, double bytes) {
    if (bytes >= 1) {
      Figures.add(situation, PER_ARENA + " in " + type.getTypeName(), Figures.BYTES, bytes);
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
