package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.budget.BudgetChecker;
import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.memory.InvariantChecker;
import dev.tidepool.allocator.threads.ThreadArenas;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The extension that checks, after each test, the invariants of every structure of its allocators,
 * and that after a trim the upstream memory in use is what it was before the test.
 *
 * <pre>{@code
 * @RegisterExtension final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);
 * ... guard.allocator().directBuffer() ...
 * }</pre>
 *
 * <p>It waits for the event loops that the allocators know, so the test must not block them, and
 * must have released its buffers when it returns.
 */
public final class UpstreamGuard implements BeforeEachCallback {
  /** Whether all allocators have full checks, whatever their test chose. */
  private static final boolean ALL_WITH_FULL_CHECKS =
      "full".equals(System.getProperty("tidepool.checks"));

  private final ArenaByteBufAllocator allocator;
  private final List<Guarded> guarded = new ArrayList<>();
  private final List<Guarded> guardedByTest = new ArrayList<>();

  private UpstreamGuard(Guarded first) {
    this.allocator = first.allocator;
    guarded.add(first);
  }

  /** The checks that an allocator has if its test chooses {@code chosen}. */
  public static Checks checks(Checks chosen) {
    return ALL_WITH_FULL_CHECKS ? Checks.FULL : chosen;
  }

  /** Guards a new allocator whose clock never ticks. */
  public static UpstreamGuard of(Checks checks) {
    return of(ArenaByteBufAllocator.builder().trimInterval(Duration.ZERO).checks(checks));
  }

  /** Guards a new allocator with these options, except that the upstream is the guard's own. */
  public static UpstreamGuard of(ArenaByteBufAllocator.Builder options) {
    return new UpstreamGuard(build(options));
  }

  /** Guards {@code allocator}. */
  public static UpstreamGuard of(ArenaByteBufAllocator allocator) {
    return new UpstreamGuard(new Guarded(allocator, allocator.metric()));
  }

  /** The guarded allocator. */
  public ArenaByteBufAllocator allocator() {
    return allocator;
  }

  /** Makes one more allocator, guarded until the end of the running test. */
  public ArenaByteBufAllocator another(ArenaByteBufAllocator.Builder options) {
    Guarded another = build(options);
    guardedByTest.add(another);
    return another.allocator;
  }

  private static Guarded build(ArenaByteBufAllocator.Builder options) {
    UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(false);
    if (ALL_WITH_FULL_CHECKS) {
      options.checks(Checks.FULL);
    }
    return new Guarded(options.upstream(upstream).build(), upstream.metric());
  }

  /** Gives all idle memory back upstream, on every event loop, before it returns. */
  public void trim() {
    all().forEach(Guarded::trim);
  }

  /** Verifies the invariants now, while buffers are in use. */
  public void checkInvariants() {
    all().forEach(Guarded::checkInvariants);
  }

  private List<Guarded> all() {
    List<Guarded> all = new ArrayList<>(guarded);
    all.addAll(guardedByTest);
    return all;
  }

  /**
   * Has the context verify when it closes, which is after the end of every other extension: servers
   * and event loops are extensions too, and JUnit orders the fields of a class by their names.
   */
  @Override
  public void beforeEach(ExtensionContext context) {
    trim();
    guarded.forEach(Guarded::remember);
    context.getStore(Namespace.create(this)).put(UpstreamGuard.class, (AutoCloseable) this::verify);
  }

  /** Fails unless as much is held as before the test, and all invariants hold. */
  void verify() {
    List<Guarded> all = all();
    guardedByTest.clear();
    all.forEach(Guarded::verify);
  }

  private static final class Guarded {
    final ArenaByteBufAllocator allocator;

    /** Upstream's own figures, to compare with the allocator's. */
    final ByteBufAllocatorMetric upstream;

    private long direct;
    private long heap;

    Guarded(ArenaByteBufAllocator allocator, ByteBufAllocatorMetric upstream) {
      this.allocator = allocator;
      this.upstream = upstream;
      remember();
    }

    void remember() {
      direct = allocator.metric().usedDirectMemory();
      heap = allocator.metric().usedHeapMemory();
    }

    void verify() {
      checkInvariants();
      trim();
      checkInvariants();
      assertThat(allocator.metric().usedDirectMemory())
          .as("direct upstream memory after the test and a trim: %s", allocator)
          .isEqualTo(upstream.usedDirectMemory())
          .isEqualTo(direct);
      assertThat(allocator.metric().usedHeapMemory())
          .as("heap upstream memory after the test and a trim: %s", allocator)
          .isEqualTo(upstream.usedHeapMemory())
          .isEqualTo(heap);
      if (direct + heap == 0) { // else perhaps blocks of an ended loop, which no pool counts
        checkGlobalBudget();
      }
    }

    private void checkGlobalBudget() {
      GlobalBudget global = allocator.globalBudget();
      if (global != null) {
        BudgetChecker.check(
            global, allocator.metric().leasedMemory(), allocator.metric().overflowMemory());
      }
    }

    void trim() {
      allocator.pools().forEach(arenas -> onOwner(arenas, arenas.pool()::trimAll));
    }

    void checkInvariants() {
      allocator.pools().forEach(arenas -> onOwner(arenas, () -> checkInvariants(arenas)));
    }

    private static void checkInvariants(ThreadArenas arenas) {
      InvariantChecker.check(arenas.pool());
      if (arenas instanceof LoopArenas loop) {
        checkIdle(loop);
      }
    }

    private static void checkIdle(LoopArenas arenas) {
      List<ConnectionArenas> idle = new ArrayList<>();
      arenas.idle.forEach(idle::add);
      idle.forEach(each -> each.forEachArena(InvariantChecker::checkAtRest));
      assertThat(idle).allMatch(ConnectionArenas::isIdle);
      assertThat(idle.subList(0, Math.max(0, idle.size() - 1)))
          .as("no connection refers to any but the last")
          .allMatch(each -> each.connectionAcquire() == null);
    }

    private static void onOwner(ThreadArenas arenas, Runnable action) {
      EventExecutor executor = arenas.executor();
      if (arenas.pool().ownership().run(action) || executor == null) {
        return;
      }
      try {
        executor.submit(() -> arenas.pool().ownership().run(action)).syncUninterruptibly();
      } catch (RejectedExecutionException e) {
        executor.terminationFuture().syncUninterruptibly(); // the pool closed with its thread
        arenas.pool().ownership().run(action);
      }
    }
  }
}
