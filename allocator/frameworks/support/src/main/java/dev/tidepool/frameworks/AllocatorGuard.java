package dev.tidepool.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.allocator.ConnectionArenaMetric;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The extension that gives a test its allocator, and fails the test unless at its end every arena
 * is closed, every byte is back upstream, and nothing was logged.
 */
public final class AllocatorGuard implements BeforeEachCallback, AfterEachCallback {
  private static final int ALL = Integer.MAX_VALUE;

  private final ArenaByteBufAllocator allocator;
  private final ByteBufAllocatorMetric upstream;
  private final LoggedErrors log = new LoggedErrors();

  private AllocatorGuard(ArenaByteBufAllocator allocator, ByteBufAllocatorMetric upstream) {
    this.allocator = allocator;
    this.upstream = upstream;
  }

  /** Guards a new allocator of these options, with an upstream of its own. */
  public static AllocatorGuard of(Setting setting) {
    UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(true);
    ArenaByteBufAllocator allocator =
        setting.applyTo(ArenaByteBufAllocator.builder()).upstream(upstream).build();
    return new AllocatorGuard(allocator, upstream.metric());
  }

  /** Guards {@link ArenaByteBufAllocator#DEFAULT}. */
  public static AllocatorGuard ofDefault() {
    ArenaByteBufAllocator allocator = ArenaByteBufAllocator.DEFAULT;
    return new AllocatorGuard(allocator, allocator.metric());
  }

  /** The guarded allocator. */
  public ArenaByteBufAllocator allocator() {
    return allocator;
  }

  /** The arenas of the connections that are open now. */
  public List<ConnectionArena> arenas() {
    return allocator.heaviest(ALL);
  }

  /** Waits until exactly {@code count} arenas are open, and returns them. */
  public List<ConnectionArena> awaitArenas(int count) {
    return awaitEach(count, any -> true);
  }

  /** Waits until exactly {@code count} arenas are open, and {@code condition} holds for each. */
  public List<ConnectionArena> awaitEach(int count, Predicate<ConnectionArenaMetric> condition) {
    Eventually.holds(
        () -> holdsForEach(count, condition),
        () -> "%d arenas expected: %s".formatted(count, arenas()));
    return arenas();
  }

  private boolean holdsForEach(int count, Predicate<ConnectionArenaMetric> condition) {
    List<ConnectionArena> open = arenas();
    return open.size() == count && open.stream().allMatch(arena -> condition.test(arena.metric()));
  }

  /** Waits until no open connection has a block. */
  public void awaitNoBlock() {
    Eventually.holds(
        () -> arenas().stream().allMatch(AllocatorGuard::holdsNothing),
        () -> "no block expected: " + arenas());
  }

  /**
   * Waits until the open connections have no block and have ended {@code count} requests together.
   */
  public void awaitRequests(long count) {
    awaitRequests(count, any -> true);
  }

  /** Waits for the same of the connections that a server on local port {@code port} accepted. */
  public void awaitRequestsAt(int port, long count) {
    awaitRequests(count, arena -> arena.toString().contains(":" + port + " - R:"));
  }

  private void awaitRequests(long count, Predicate<ConnectionArena> which) {
    Eventually.holds(
        () -> {
          List<ConnectionArena> counted = arenas().stream().filter(which).toList();
          return requests(counted) == count
              && counted.stream().allMatch(AllocatorGuard::holdsNothing);
        },
        () -> "%d requests and no block expected: %s".formatted(count, arenas()));
  }

  /** Bytes that the requests of the open connections took together. */
  public long allocatedBytes() {
    return arenas().stream().mapToLong(arena -> arena.metric().allocatedBytes()).sum();
  }

  private static long requests(List<ConnectionArena> arenas) {
    return arenas.stream().mapToLong(arena -> arena.metric().requests()).sum();
  }

  private static boolean holdsNothing(ConnectionArena arena) {
    return arena.metric().leasedBlocks() == 0;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    log.attach();
    assertNothingHeld();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    try {
      assertNothingHeld();
      assertThat(allocator.metric().leaks()).as("leaks").isZero();
      assertThat(log.lines()).as("logged").isEmpty();
    } finally {
      log.detach();
    }
  }

  /** Connections close, and event loops give back what they hold, some time after the test. */
  private void assertNothingHeld() {
    Eventually.holds(this::nothingIsHeld, this::whatIsHeld);
  }

  private boolean nothingIsHeld() {
    allocator.trim();
    return allocator.metric().openArenas() == 0
        && heldBytes(allocator.metric()) == 0
        && heldBytes(upstream) == 0;
  }

  private static long heldBytes(ByteBufAllocatorMetric metric) {
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  private String whatIsHeld() {
    return "no arena and no byte expected: %s, upstream %d bytes\n%s"
        .formatted(allocator, heldBytes(upstream), arenas());
  }
}
