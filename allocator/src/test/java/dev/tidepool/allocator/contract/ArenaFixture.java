package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Checks;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.allocator.EachBufferSampled;
import dev.tidepool.allocator.OnEventLoop;
import dev.tidepool.allocator.UpstreamGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.ThreadExecutorMap;
import java.lang.reflect.Method;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs a suite on one {@link Variant}: allocates and chooses threads by it, and guards upstream
 * memory. A parameterised class takes it as its argument, and JUnit closes it after that class's
 * last test.
 */
final class ArenaFixture
    implements BufferSource,
        BeforeEachCallback,
        AfterEachCallback,
        InvocationInterceptor,
        AutoCloseable {
  /** Buffers made and released before the test, so that it reuses handles: the fast path. */
  private static final int WARM_BUFFERS = 64;

  /** Longer than any test. */
  private static final Duration LEAK_GRACE = Duration.ofHours(1);

  private final Variant variant;
  private final OnEventLoop loop = new OnEventLoop();
  private final ExecutorService plainThread = Executors.newSingleThreadExecutor();
  private final UpstreamGuard guard;
  private volatile ByteBufAllocator allocator;
  private final Set<ByteBuf> handedOut =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private boolean expectForgotten;
  private ResourceLeakDetector.Level levelBefore;

  ArenaFixture(Variant variant) {
    this.variant = variant;
    this.guard = EachBufferSampled.in(() -> UpstreamGuard.of(options().minBlockSize(64 * 1024)));
    this.allocator = variant.from() == Variant.From.SHARED ? guard.allocator() : newConnection();
  }

  private ArenaByteBufAllocator.Builder options() {
    return ArenaByteBufAllocator.builder()
        .trimInterval(Duration.ZERO)
        .leakGrace(LEAK_GRACE)
        .checks(variant.checks());
  }

  private ConnectionArena newConnection() {
    return guard.allocator().newConnectionArena(loop.loop(), variant);
  }

  /** The bytes taken from upstream for so many bytes of blocks. */
  long withRedZones(int bytes) {
    return variant.checks() == Checks.FULL ? 2L * bytes : bytes;
  }

  /** A new shared allocator, with the default options but for the variant's. */
  ArenaByteBufAllocator newAllocator(boolean preferDirect) {
    return EachBufferSampled.in(() -> guard.another(options().preferDirect(preferDirect)));
  }

  /** A connection's arena, on this fixture's event loop, of such an allocator. */
  ConnectionArena newConnectionArena(boolean preferDirect) {
    return newAllocator(preferDirect).newConnectionArena(loop.loop());
  }

  /** A connection's arena with a budget. */
  ConnectionArena newConnectionArena(long hardBudget) {
    return guard.another(options().hardBudget(hardBudget)).newConnectionArena(loop.loop());
  }

  // Buffers

  @Override
  public boolean isDirect() {
    return variant.direct();
  }

  @Override
  public ByteBufAllocator allocator() {
    return allocator;
  }

  @Override
  public ByteBuf allocate(int length, int maxCapacity) {
    ByteBuf buffer = allocateOnItsThread(length, maxCapacity);
    handedOut.add(buffer);
    return variant.littleEndian() ? inLittleEndian(buffer) : buffer;
  }

  @SuppressWarnings("deprecation") // order(ByteOrder) is what the variant tests
  private static ByteBuf inLittleEndian(ByteBuf buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuf allocateOnItsThread(int length, int maxCapacity) {
    return switch (variant.threads()) {
      case EVENT_LOOP, PLAIN -> allocateHere(length, maxCapacity);
      case LOOP_TO_PLAIN -> onLoop(() -> allocateHere(length, maxCapacity));
      case PLAIN_TO_LOOP -> onPlainThread(() -> allocateHere(length, maxCapacity));
      case ORPHANED -> onLoop(() -> endThread(allocateHere(length, maxCapacity)));
    };
  }

  private ByteBuf allocateHere(int length, int maxCapacity) {
    return switch (variant.from()) {
      case SHARED, CONNECTION -> allocateFrom(allocator, length, maxCapacity);
      case CONNECTION_RESET -> {
        ByteBuf buffer = allocateFrom(allocator, length, maxCapacity);
        ((ConnectionArena) allocator).reset();
        yield buffer;
      }
      case CONNECTION_CLOSED -> {
        ConnectionArena connection = newConnection();
        allocator = connection;
        ByteBuf buffer = allocateFrom(connection, length, maxCapacity);
        connection.close();
        yield buffer;
      }
    };
  }

  private ByteBuf allocateFrom(ByteBufAllocator allocator, int length, int maxCapacity) {
    return variant.direct()
        ? allocator.directBuffer(length, maxCapacity)
        : allocator.heapBuffer(length, maxCapacity);
  }

  /** Ends the event loop's thread as Netty does; the loop goes on as if on its next thread. */
  private ByteBuf endThread(ByteBuf buffer) {
    FastThreadLocal.removeAll();
    ThreadExecutorMap.setCurrentExecutor(loop.loop());
    return buffer;
  }

  // Threads

  <T> T onLoop(InvocationInterceptor.Invocation<T> body) {
    try {
      return loop.call(body);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private <T> T onPlainThread(Supplier<T> body) {
    return CompletableFuture.supplyAsync(body, plainThread).join();
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onTestThread(invocation);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onTestThread(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onTestThread(invocation);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onTestThread(invocation);
  }

  private void onTestThread(Invocation<Void> invocation) throws Throwable {
    try {
      if (variant.threads().testsRunOnLoop()) {
        loop.call(invocation);
      } else {
        invocation.proceed();
      }
    } catch (AssertionError | Exception e) {
      e.addSuppressed(new Exception("with " + variant)); // reports do not name the variant
      throw e;
    }
  }

  // Before and after

  /** Has a buffer that the test is known to forget released after it, and only after it. */
  void expectForgottenBuffers() {
    expectForgotten = true;
  }

  private void releaseForgotten() {
    boolean expected = expectForgotten;
    expectForgotten = false;
    handedOut.removeIf(buffer -> !expected || buffer.refCnt() == 0 || buffer.release());
    assertThat(handedOut).as("expected to be forgotten with one reference").isEmpty();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    guard.beforeEach(context);
    levelBefore = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(variant.detection());
    if (variant.threads() == Variant.Threads.EVENT_LOOP) {
      onLoop(this::warmUp);
    }
  }

  private Void warmUp() {
    ByteBuf[] buffers = new ByteBuf[WARM_BUFFERS];
    for (int i = 0; i < WARM_BUFFERS; i++) {
      buffers[i] = allocateFrom(allocator, 1, 1);
    }
    for (ByteBuf buffer : buffers) {
      buffer.release();
    }
    return null;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    ResourceLeakDetector.setLevel(levelBefore);
    releaseForgotten();
  }

  @Override
  public void close() {
    if (allocator instanceof ConnectionArena connection) {
      connection.close();
    }
    loop.close();
    plainThread.shutdown();
  }

  @Override
  public String toString() {
    return variant.toString();
  }
}
