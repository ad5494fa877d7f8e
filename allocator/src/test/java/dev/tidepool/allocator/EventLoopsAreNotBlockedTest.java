package dev.tidepool.allocator;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.threads.Lane;
import dev.tidepool.allocator.threads.Lanes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * BlockHound over the event loops: the library blocks one only in the places that {@link #MAY_WAIT}
 * names, with their reasons. In a process of its own, since BlockHound changes the JDK's classes.
 */
@Tag("blockhound")
class EventLoopsAreNotBlockedTest {
  private static final int LOOPS = 4;
  private static final int MIB = 1 << 20;

  private static final String THREADS = "dev.tidepool.allocator.threads.";
  private static final String MEMORY = "dev.tidepool.allocator.memory.";
  private static final String BUDGET = "dev.tidepool.allocator.budget.";
  private static final String CLOCK =
      "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue.";
  private static final Path PAGE = Path.of("docs", "blocking.md");

  /** Where a loop may wait, and why it must; the page tells users. */
  private static final Map<String, String> MAY_WAIT =
      Map.ofEntries(
          entry(CLOCK + "offer", "for another task's place in the queue of the clock's thread"),
          entry(THREADS + "LoopRequests.askAndWait", "for other loops, for a bounded time"),
          entry(THREADS + "LoopRequests$Request.run", "for a few reads under the requests' lock"),
          entry(THREADS + "LaneLock.lock", "for another thread's allocation in that lane"),
          entry(MEMORY + "BlockPool.wakeForReleased", "for another drain of an ended loop's pool"),
          entry(MEMORY + "Growth.resizeLocked", "for another buffer of an ended loop's pool"),
          entry(BUDGET + "CreditedAccount.chargeAfterTakingBack", "for a look at each credit"),
          entry(BUDGET + "CreditedAccount.newCredit", "for a look at each credit"),
          entry(BUDGET + "CreditedAccount.open", "for a look at each credit"),
          entry(BUDGET + "CreditedAccount.takeBack", "for a look at each credit"),
          entry(BUDGET + "CreditedAccount.giveBack", "for a look at each credit"),
          entry(BUDGET + "CreditedAccount.end", "for a look at each credit"),
          entry(BUDGET + "CreditedAccount.charged", "for a look at each credit"));

  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final EventLoopGroup group = EventLoops.nio(LOOPS);
  private final List<EventLoop> loops = new ArrayList<>();
  private final FaultyUpstream upstream = new FaultyUpstream();
  private ArenaByteBufAllocator allocator;

  EventLoopsAreNotBlockedTest() {
    group.forEach(loop -> loops.add((EventLoop) loop));
  }

  @BeforeEach
  void begin() {
    BlockingCalls.forget();
  }

  @AfterEach
  void noLoopWasBlocked() {
    TestThreads.end(group);
    if (allocator != null) {
      allocator.trim();
      TestThreads.await("all memory to go back", () -> upstream.used() == 0);
    }
    assertThat(BlockingCalls.found())
        .filteredOn(call -> !call.isIn(MAY_WAIT.keySet()))
        .as("blocking calls elsewhere")
        .isEmpty();
  }

  private ArenaByteBufAllocator build(ArenaByteBufAllocator.Builder options) {
    allocator = options.upstream(upstream).build();
    return allocator;
  }

  private static ArenaByteBufAllocator.Builder options() {
    return ArenaByteBufAllocator.builder()
        .trimInterval(Duration.ofMillis(20))
        .leakGrace(Duration.ofMillis(20));
  }

  private void onAllLoops(TestThreads.Task task) {
    List<Future<?>> running = new ArrayList<>();
    for (EventLoop loop : loops) {
      running.add(
          loop.submit(
              () -> {
                task.run();
                return true;
              }));
    }
    running.forEach(Future::syncUninterruptibly);
  }

  private static void assertWaitedIn(String place) {
    assertThat(BlockingCalls.found()).anyMatch(call -> call.isIn(Set.of(place)));
  }

  // The page, and the tool

  /** The page's lines for BlockHound allow what this test does, and nothing else. */
  @Test
  void thePageNamesThePlaces() throws Exception {
    Pattern allowed = Pattern.compile("allowBlockingCallsInside\\(\\s*\"(.+)\",\\s*\"(.+)\"\\)");
    List<String> onPage =
        allowed
            .matcher(Files.readString(PAGE))
            .results()
            .map(line -> line.group(1) + "." + line.group(2))
            .toList();
    assertThat(onPage).containsExactlyInAnyOrderElementsOf(MAY_WAIT.keySet());
  }

  @Test
  void blockHoundSeesAnEventLoopThatSleeps() {
    TestThreads.run(loops.get(0), () -> Thread.sleep(1));
    assertThat(BlockingCalls.found()).anyMatch(call -> call.method().contains("sleep"));
    BlockingCalls.forget();
  }

  // Requests

  private static void serveRequests(ConnectionArena arena, int count) {
    for (int request = 0; request < count; request++) {
      List<ByteBuf> buffers = new ArrayList<>();
      for (int size = 1; size <= MIB; size *= 4) {
        buffers.add(arena.directBuffer(size).writeByte(1));
        buffers.add(arena.heapBuffer(size).writeByte(1));
      }
      buffers.get(0).capacity(10_000);
      ByteBuf copy = arena.copyOut(buffers.remove(1));
      buffers.forEach(ByteBuf::release);
      arena.reset();
      copy.release();
      String unused = arena.dump() + arena.metric();
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestsOfAllSizes(Checks checks) {
    ArenaByteBufAllocator of = build(options().checks(checks).recording(Recording.ALL));
    onAllLoops(
        () -> {
          ConnectionArena arena = of.newConnectionArena(ownLoop());
          serveRequests(arena, 20);
          of.directBuffer(100).release();
          String unused = of.metric() + " " + of.heaviest(3);
          of.trim();
          arena.close();
        });
  }

  private EventLoop ownLoop() {
    return loops.stream().filter(EventLoop::inEventLoop).findFirst().orElseThrow();
  }

  @Test
  void connectionsOverSockets() throws Exception {
    ArenaByteBufAllocator of = build(options());
    server.start(
        Transport.NIO,
        channel ->
            channel
                .pipeline()
                .addLast(
                    new ArenaLifecycleHandler(of),
                    new ChannelInboundHandlerAdapter() {
                      @Override
                      public void channelRead(ChannelHandlerContext ctx, Object message) {
                        ctx.writeAndFlush(message);
                      }
                    }));
    for (int i = 0; i < 20; i++) {
      LoopbackServer.Connection connection = server.connect();
      connection.send(new byte[10_000]);
      connection.receive(10_000);
      connection.socket().close();
      connection.channel().closeFuture().syncUninterruptibly();
    }
  }

  // Other threads

  /** Every loop allocates from every connection, whose loops end requests meanwhile. */
  @ParameterizedTest
  @EnumSource
  void connectionsThatOtherLoopsAllocateFrom(Contention contention) {
    ArenaByteBufAllocator of = build(contention.set(options()));
    List<ConnectionArena> arenas = new ArrayList<>();
    loops.forEach(loop -> arenas.add(of.newConnectionArena(loop)));
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Void>> others = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      others.add(CompletableFuture.runAsync(() -> allocateUntil(stop, arenas)));
    }
    onAllLoops(
        () -> {
          ConnectionArena own = arenas.get(loops.indexOf(ownLoop()));
          for (int i = 0; i < 3_000; i++) {
            allocateAndRelease(arenas.get(i % LOOPS));
            allocateAndRelease(of);
            own.reset();
          }
        });
    stop.set(true);
    others.forEach(CompletableFuture::join);
    for (ConnectionArena arena : arenas) {
      TestThreads.run(loops.get(arenas.indexOf(arena)), arena::close);
    }
  }

  enum Contention {
    LANES {
      @Override
      ArenaByteBufAllocator.Builder set(ArenaByteBufAllocator.Builder options) {
        return options;
      }
    },
    BUDGETS {
      @Override
      ArenaByteBufAllocator.Builder set(ArenaByteBufAllocator.Builder options) {
        return options.hardBudget(8 * MIB).globalBudget(64 * MIB);
      }
    },
    TIGHT_BUDGETS {
      @Override
      ArenaByteBufAllocator.Builder set(ArenaByteBufAllocator.Builder options) {
        return options.hardBudget(256 * 1024).globalBudget(MIB);
      }
    };

    abstract ArenaByteBufAllocator.Builder set(ArenaByteBufAllocator.Builder options);
  }

  private static void allocateUntil(AtomicBoolean stop, List<ConnectionArena> arenas) {
    while (!stop.get()) {
      arenas.forEach(EventLoopsAreNotBlockedTest::allocateAndRelease);
    }
  }

  private static void allocateAndRelease(ByteBufAllocator of) {
    int size = 1 << ThreadLocalRandom.current().nextInt(18);
    ByteBuf buffer;
    try {
      buffer = of.directBuffer(size);
    } catch (ArenaBudgetExceededException e) {
      return;
    }
    try {
      buffer.capacity(size + 100);
    } catch (ArenaBudgetExceededException e) {
      // as good as any outcome
    }
    buffer.release();
  }

  @Test
  void aLoopWaitsForALaneOnlyIfAllAreTaken() {
    ArenaByteBufAllocator of = build(options());
    ConnectionArena ofAnotherLoop = of.newConnectionArena(loops.get(0));
    Lanes lanes = of.pools().lanes();
    for (int i = 1; i < lanes.count(); i++) {
      lanes.at(i).lock();
    }
    Thread loop = TestThreads.call(loops.get(1), Thread::currentThread);
    Future<?> waiting;
    try {
      TestThreads.run(loops.get(1), () -> allocateAndRelease(ofAnotherLoop));
      assertThat(BlockingCalls.found()).isEmpty();
      lanes.at(0).lock();
      try (Lane last = lanes.at(0)) {
        waiting = loops.get(1).submit(() -> allocateAndRelease(ofAnotherLoop));
        TestThreads.awaitWaiter(last.ownership().lock(), loop);
      }
    } finally {
      for (int i = 1; i < lanes.count(); i++) {
        lanes.at(i).close();
      }
    }
    waiting.syncUninterruptibly();
    assertWaitedIn(THREADS + "LaneLock.lock");
    TestThreads.run(loops.get(0), ofAnotherLoop::close);
  }

  @Test
  void buffersThatOtherLoopsRelease() throws Exception {
    ArenaByteBufAllocator of = build(options());
    onAllLoops(
        () -> {
          ConnectionArena arena = of.newConnectionArena(ownLoop());
          for (int i = 0; i < 2_000; i++) {
            ByteBuf buffer = arena.directBuffer(1 + i);
            loops.get(i % LOOPS).execute(buffer::release);
            arena.reset();
          }
          arena.close();
        });
    onAllLoops(() -> {});
  }

  // Refusals, no memory

  @Test
  void refusals() {
    ArenaByteBufAllocator of = build(options().hardBudget(MIB).globalBudget(2 * MIB));
    onAllLoops(
        () -> {
          ConnectionArena arena = of.newConnectionArena(ownLoop());
          assertThatThrownBy(() -> arena.directBuffer(3 * MIB))
              .isInstanceOf(ArenaBudgetExceededException.class);
          arena.close();
        });
  }

  @Test
  void loopsThatAreOutOfMemoryWaitForTheOthers() throws Exception {
    upstream.limit(4 * MIB);
    ArenaByteBufAllocator of = build(options().trimInterval(Duration.ZERO));
    TestThreads.run(loops.get(0), () -> of.directBuffer(3 * MIB).release());
    CountDownLatch busy = new CountDownLatch(1);
    loops.get(0).execute(() -> spinUntilZero(busy));
    Future<?> wanting = loops.get(1).submit(() -> of.directBuffer(3 * MIB).release());
    wanting.await(50, TimeUnit.MILLISECONDS);
    busy.countDown();
    wanting.syncUninterruptibly();
    assertWaitedIn(THREADS + "LoopRequests.askAndWait");
  }

  private static void spinUntilZero(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      // busy
    }
  }

  // Leaks, trims

  @Test
  void leaksAndNativeTrims() {
    ArenaByteBufAllocator of =
        build(
            options()
                .recording(Recording.ALL)
                .nativeTrimThreshold(1)
                .nativeTrimInterval(Duration.ofMillis(1)));
    List<ByteBuf> leaked = new ArrayList<>();
    TestThreads.run(
        loops.get(0),
        () -> {
          ConnectionArena arena = of.newConnectionArena(loops.get(0));
          leaked.add(arena.directBuffer(100));
          arena.directBuffer(8 * MIB).release();
          arena.close();
        });
    TestThreads.await("the leak", () -> of.metric().leaks() == 1);
    leaked.forEach(ByteBuf::release);
  }

  /** Loops end with living buffers, which others release. */
  @Test
  void loopsThatEnd() {
    ArenaByteBufAllocator of = build(options());
    List<ByteBuf> alive = new ArrayList<>();
    ConnectionArena arena = of.newConnectionArena(loops.get(0));
    TestThreads.run(loops.get(0), () -> alive.add(arena.directBuffer(1000)));
    TestThreads.run(loops.get(1), () -> alive.add(arena.directBuffer(1000)));
    TestThreads.end(group);
    alive.forEach(ByteBuf::release);
    arena.close();
  }
}
