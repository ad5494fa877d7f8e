package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AccessBenchmark;
import dev.tidepool.benchmarks.AllocateReleaseBenchmark;
import dev.tidepool.benchmarks.BareEchoBenchmark;
import dev.tidepool.benchmarks.ByteBufferAccessBenchmark;
import dev.tidepool.benchmarks.CrossThreadBenchmark;
import dev.tidepool.benchmarks.DutiesBenchmark;
import dev.tidepool.benchmarks.EchoBenchmark;
import dev.tidepool.benchmarks.GrowBenchmark;
import dev.tidepool.benchmarks.GrowWithoutAllocatorBenchmark;
import dev.tidepool.benchmarks.LeastAllocatorBenchmark;
import dev.tidepool.benchmarks.OffLoopBenchmark;
import dev.tidepool.benchmarks.OpenHandleBenchmark;
import dev.tidepool.benchmarks.RandomVictimBenchmark;
import dev.tidepool.benchmarks.RandomVictimWithoutAllocatorBenchmark;
import dev.tidepool.benchmarks.RawBumpBenchmark;
import dev.tidepool.benchmarks.RequestBenchmark;
import dev.tidepool.benchmarks.RequestWithoutAllocatorBenchmark;
import dev.tidepool.benchmarks.ResetCostBenchmark;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The suites that JMH measures. */
enum JmhSuite {
  ALLOCATE_RELEASE(
      "AllocateRelease",
      "One operation allocates a buffer and releases it. A connection's arena resets every 32."
          + " Beside it: a bump of a long; a prepared object of six fields opened and closed; and"
          + " what an arena's duties cost in an allocator of one class, each added to those before:"
          + " memory in blocks, references on other threads, release in any order, a buffer's range"
          + " and request, its limit, marks and leak detection, a request's figures. The last, with"
          + " all of them, is the limit."),

  REQUEST(
      "Request",
      "One operation is a decoded request: a read buffer of 2 KiB, slices of it, 32 buffers of 64 B"
          + " to 16 KiB with a few bytes written to each, two of which grow; all are released, and a"
          + " connection's arena resets. A connection's handler trims the read buffer to what"
          + " arrived, which Netty by itself does not, so only `connection` does. The limit is the same"
          + " reading and writing in buffers that are there beforehand."),

  RANDOM_VICTIM(
      "RandomVictim",
      "One operation releases a random one of the living buffers and allocates another. No request"
          + " ever ends: the worst case for an arena. The limit is the same draws, and the victim put"
          + " in its own place."),

  GROW(
      "Grow",
      "One operation writes to a buffer of 256 B until it has doubled up to the target. Alone, it is"
          + " then released and its request ends; among 2,048 it takes a random one's place. The limit"
          + " is the same bytes in the same steps into buffers that are as large beforehand."),

  CROSS_THREAD(
      "CrossThread",
      "One operation is a buffer allocated on one event loop and released on another, with a bounded"
          + " queue between the two. The request ends while its buffers are on their way."),

  OFF_LOOP(
      "OffLoop",
      "One operation is a buffer allocated and the oldest of 16 released, by plain threads that"
          + " share one allocator. With more threads than cores an operation's time includes"
          + " waiting for a core."),

  ACCESS(
      "Access",
      "One operation is one access to a buffer's bytes. Where Netty may use `Unsafe`, its allocators'"
          + " buffers do."),

  RESET_COST(
      "ResetCost",
      "One operation is one `reset()`, after a request of that many buffers, all released. In every"
          + " case the event loop has served 10,000 buffers, so that its caches are equally cold; the"
          + " others were another connection's. 64 arenas are reset in a row, as one reset is"
          + " shorter than the clock can tell."),

  GARBAGE(
      "Garbage",
      "Bytes allocated on the Java heap: by JMH's `gc` profiler over Request, without escape"
          + " analysis, so that all that is made counts; and by the event-loop thread of a real NIO"
          + " echo on loopback. The limits are what Netty makes without any allocator:"
          + " `RequestWithoutAllocator` the same three slices, `BareEcho` that echo with one buffer"
          + " that is never given back.");

  private final String title;
  private final String operation;

  JmhSuite(String title, String operation) {
    this.title = title;
    this.operation = operation;
  }

  String title() {
    return title;
  }

  /** What one operation is. */
  String operation() {
    return operation;
  }

  List<Metric> metrics() {
    return switch (this) {
      case RANDOM_VICTIM -> List.of(Metric.TIME, Metric.HELD);
      case GARBAGE -> List.of(Metric.GARBAGE, Metric.LOOP_GARBAGE);
      default -> List.of(Metric.TIME);
    };
  }

  private List<Class<?>> benchmarks() {
    return switch (this) {
      case ALLOCATE_RELEASE ->
          List.of(
              AllocateReleaseBenchmark.class,
              RawBumpBenchmark.class,
              OpenHandleBenchmark.class,
              DutiesBenchmark.class,
              LeastAllocatorBenchmark.class);
      case REQUEST -> List.of(RequestBenchmark.class, RequestWithoutAllocatorBenchmark.class);
      case RANDOM_VICTIM ->
          List.of(RandomVictimBenchmark.class, RandomVictimWithoutAllocatorBenchmark.class);
      case GROW -> List.of(GrowBenchmark.class, GrowWithoutAllocatorBenchmark.class);
      case CROSS_THREAD -> List.of(CrossThreadBenchmark.class);
      case OFF_LOOP -> List.of(OffLoopBenchmark.class);
      case ACCESS -> List.of(AccessBenchmark.class, ByteBufferAccessBenchmark.class);
      case RESET_COST -> List.of(ResetCostBenchmark.class);
      case GARBAGE ->
          List.of(
              RequestBenchmark.class,
              RequestWithoutAllocatorBenchmark.class,
              EchoBenchmark.class,
              BareEchoBenchmark.class);
    };
  }

  /**
   * Of the benchmarks beside the allocators the one that does the same work with less, so that
   * Tidepool cannot be faster; if there is one.
   */
  Optional<Class<?>> limit() {
    return switch (this) {
      case ALLOCATE_RELEASE -> Optional.of(LeastAllocatorBenchmark.class);
      case REQUEST -> Optional.of(RequestWithoutAllocatorBenchmark.class);
      case RANDOM_VICTIM -> Optional.of(RandomVictimWithoutAllocatorBenchmark.class);
      case GROW -> Optional.of(GrowWithoutAllocatorBenchmark.class);
      case ACCESS -> Optional.of(ByteBufferAccessBenchmark.class);
      default -> Optional.empty();
    };
  }

  /** Whether {@code beside} is the limit of {@code of}: Access has one for each of its methods. */
  boolean isLimit(Case beside, Case of) {
    return limit().filter(beside::isOf).isPresent()
        && beside.isPartOf(of)
        && (this != ACCESS || beside.method().equals(of.method()));
  }

  boolean contains(String className) {
    return benchmarks().stream().anyMatch(each -> each.getName().equals(className));
  }

  /** The echo's other threads are not the allocator's doing, so that it counts for itself. */
  boolean isWatchedByGcProfiler(Case of) {
    return this == GARBAGE
        && REQUEST.benchmarks().stream()
            .anyMatch(each -> each.getSimpleName().equals(of.className()));
  }

  boolean hasSeveralBenchmarks() {
    return benchmarks().size() > 1;
  }

  /** As files and the command line call it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
