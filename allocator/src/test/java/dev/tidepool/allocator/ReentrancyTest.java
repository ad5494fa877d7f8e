package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reentrant calls of the arena from Netty's callbacks. */
class ReentrancyTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final EventExecutor loop = new DefaultEventExecutor();

  @AfterEach
  void endLoop() {
    TestThreads.end(loop);
    assertThat(log.text()).doesNotContain("WRITTEN").doesNotContain("ERROR");
  }

  /** The calls that a callback makes on the arena. */
  private enum Act {
    RESET {
      @Override
      void on(ConnectionArena arena, EmbeddedChannel channel) {
        arena.reset();
      }
    },
    CLOSE {
      @Override
      void on(ConnectionArena arena, EmbeddedChannel channel) {
        arena.close();
      }
    },
    ALLOCATE_AND_RELEASE {
      @Override
      void on(ConnectionArena arena, EmbeddedChannel channel) {
        ByteBuf large = arena.heapBuffer(100_000);
        ByteBuf grown = Patterns.fill(arena.directBuffer(300), 5).capacity(3000);
        Patterns.check(grown, 5, 300);
        grown.release();
        large.release();
      }
    },
    CLOSE_THE_CHANNEL {
      @Override
      void on(ConnectionArena arena, EmbeddedChannel channel) {
        channel.close();
      }
    },
    WRITE_AGAIN {
      @Override
      void on(ConnectionArena arena, EmbeddedChannel channel) {
        channel.writeAndFlush(Patterns.fill(arena.directBuffer(77), 7));
      }
    },
    REMOVE_THE_HANDLER {
      @Override
      void on(ConnectionArena arena, EmbeddedChannel channel) {
        channel.pipeline().remove(ArenaLifecycleHandler.class);
      }
    };

    abstract void on(ConnectionArena arena, EmbeddedChannel channel);
  }

  private void releaseAll(EmbeddedChannel channel, List<ByteBuf> alive) {
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      out.release();
    }
    alive.forEach(ByteBuf::release);
  }

  @ParameterizedTest
  @EnumSource
  void reentrantCallsInAWritesListener(Act act) {
    TestThreads.run(
        loop,
        () -> {
          EmbeddedChannel channel =
              new EmbeddedChannel(new ArenaLifecycleHandler(guard.allocator()));
          ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
          ByteBuf kept = Patterns.fill(arena.directBuffer(50), 1);
          ByteBuf released = Patterns.fill(arena.directBuffer(50), 2);
          ByteBuf out = Patterns.fill(arena.directBuffer(60), 3);
          AtomicInteger ran = new AtomicInteger();
          arena.onReset(ran::incrementAndGet);
          channel
              .write(out)
              .addListener(
                  (ChannelFutureListener)
                      future -> {
                        released.release();
                        act.on(arena, channel);
                        ran.addAndGet(10);
                      });
          channel.flush();
          channel.runPendingTasks();
          assertThat(ran.get()).isGreaterThanOrEqualTo(10);
          Patterns.check(kept, 1);
          Patterns.check(out, 3);
          releaseAll(channel, List.of(kept));
          channel.finishAndReleaseAll();
          arena.close();
          assertThat(ran.get()).as("onReset, once").isEqualTo(11);
          guard.allocator().trim(); // drains releases: the memory is a lane's
          assertThat(arena.metric().leasedBlocks()).isZero();
        });
    assertThat(guard.allocator().metric().openArenas()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void reentrantCallsInOnReset(Act act) {
    TestThreads.run(
        loop,
        () -> {
          EmbeddedChannel channel =
              new EmbeddedChannel(new ArenaLifecycleHandler(guard.allocator()));
          ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
          ByteBuf kept = Patterns.fill(arena.directBuffer(50), 1);
          AtomicInteger ran = new AtomicInteger();
          arena.onReset(ran::incrementAndGet);
          arena.onReset(() -> act.on(arena, channel));
          arena.reset();
          assertThat(ran.get()).isEqualTo(1);
          Patterns.check(kept, 1);
          releaseAll(channel, List.of(kept));
          channel.finishAndReleaseAll();
          arena.close();
          assertThat(ran.get()).isEqualTo(1);
          guard.allocator().trim(); // drains releases: the memory is a lane's
          assertThat(arena.metric().leasedBlocks()).isZero();
        });
  }

  /** Over a transport, where a write's listener runs while the outbound buffer is being emptied. */
  @Test
  void reentrantCallsInTheListenersOfManyWrites() {
    EventLoopGroup loops = EventLoops.local(1);
    LocalAddress address = new LocalAddress("reentrancy");
    AtomicInteger received = new AtomicInteger();
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(LocalServerChannel.class)
            .childHandler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelRead(ChannelHandlerContext ctx, Object message) {
                    received.addAndGet(((ByteBuf) message).readableBytes());
                    ((ByteBuf) message).release();
                  }

                  @Override
                  public boolean isSharable() {
                    return true;
                  }
                })
            .bind(address)
            .syncUninterruptibly()
            .channel();
    Channel channel =
        new Bootstrap()
            .group(loops)
            .channel(LocalChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel opened) {
                    opened.pipeline().addLast(new ArenaLifecycleHandler(guard.allocator()));
                  }
                })
            .connect(address)
            .syncUninterruptibly()
            .channel();
    TestThreads.run(channel.eventLoop(), () -> writeMany(channel));
    TestThreads.await("the bytes", () -> received.get() == 100 * 100);
    channel.close().syncUninterruptibly();
    server.close().syncUninterruptibly();
    assertThat(guard.allocator().metric().openArenas()).isZero();
    TestThreads.end(loops);
    assertThat(guard.allocator().metric().leasedMemory()).isZero();
  }

  private static void writeMany(Channel channel) {
    ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
    for (int i = 0; i < 100; i++) {
      ByteBuf with = Patterns.fill(arena.directBuffer(200), i);
      int number = i;
      channel
          .write(Patterns.fill(arena.directBuffer(100), i))
          .addListener(
              written -> {
                Patterns.check(with, number);
                with.release();
                arena.heapBuffer(50).release();
                if (number % 3 == 0) {
                  arena.reset();
                }
                if (number == 70) {
                  arena.close();
                }
              });
    }
    channel.flush();
  }

  // The pipeline's report of an unreleased message

  @Test
  void aMessageThatAHandlerDidNotReleaseIsReportedWithTheHandler() {
    List<LeakReport> reports = new CopyOnWriteArrayList<>();
    List<ByteBuf> forgotten = new CopyOnWriteArrayList<>();
    ArenaByteBufAllocator allocator =
        guard.another(
            ArenaByteBufAllocator.builder()
                .trimInterval(Duration.ZERO)
                .leakGrace(Duration.ZERO)
                .recording(Recording.ALL)
                .leakListener(reports::add));
    TestThreads.run(
        loop,
        () -> {
          EmbeddedChannel channel = new EmbeddedChannel(new ArenaLifecycleHandler(allocator));
          channel.pipeline().addLast("passes on", new ChannelInboundHandlerAdapter());
          channel.pipeline().addLast("forgetful", new Forgetful(forgotten));
          channel.writeInbound(channel.alloc().buffer(64).writeLong(1));
          channel.finishAndReleaseAll();
        });
    TestThreads.await("the report", () -> allocator.metric().leaks() == 1);
    assertThat(reports.get(0).lastTouchedAt().hint()).contains("forgetful").contains("will handle");
    assertThat(log.lines("LEAK: ")).hasSize(1);
    forgotten.forEach(ByteBuf::release);
    log.clear();
  }

  private static final class Forgetful extends ChannelInboundHandlerAdapter {
    private final List<ByteBuf> forgotten;

    Forgetful(List<ByteBuf> forgotten) {
      this.forgotten = forgotten;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      forgotten.add((ByteBuf) message);
    }
  }
}
