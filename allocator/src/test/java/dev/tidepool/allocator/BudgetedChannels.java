package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A fixture of channels with small budgets. */
abstract class BudgetedChannels {
  static final int HARD = 256 * 1024;
  static final int SENT = 100_000;

  @RegisterExtension final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);
  @RegisterExtension final LoopbackServer server = new LoopbackServer();

  final List<ByteBuf> kept = new ArrayList<>();
  final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
  ArenaByteBufAllocator allocator;

  @AfterEach
  void release() {
    kept.forEach(ByteBuf::release);
  }

  static ArenaByteBufAllocator.Builder hard(BudgetPolicy policy) {
    return ArenaByteBufAllocator.builder().minBlockSize(8192).hardBudget(HARD).budgetPolicy(policy);
  }

  Connection connect(
      Transport transport, ArenaByteBufAllocator.Builder options, ChannelHandler handler)
      throws Exception {
    allocator = guard.another(options);
    server.start(
        transport,
        channel ->
            channel.pipeline().addLast(new ArenaLifecycleHandler(allocator), handler, new Hears()));
    return server.connect();
  }

  @ChannelHandler.Sharable
  private final class Hears extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      thrown.add(cause);
    }
  }

  @ChannelHandler.Sharable
  static class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
    }
  }

  @ChannelHandler.Sharable
  static final class Swallows extends Echo {
    final AtomicInteger swallowed = new AtomicInteger();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (((ByteBuf) message).getByte(0) == 1) {
        for (int i = 0; i < 10; i++) {
          try {
            ctx.alloc().buffer(2 * HARD).release();
          } catch (ArenaBudgetExceededException e) {
            swallowed.getAndIncrement();
          }
        }
      }
      super.channelRead(ctx, message);
    }
  }

  /** Takes what the budget has, to the last block. */
  void exhaust(Connection connection) {
    connection.onLoop(
        () -> {
          while (connection.arena().metric().chargedBytes() < HARD) {
            kept.add(connection.channel().alloc().directBuffer(8192));
          }
        });
  }

  void giveBack(Connection connection) {
    connection.onLoop(
        () -> {
          kept.forEach(ByteBuf::release);
          kept.clear();
        });
  }

  static byte[] pattern() {
    byte[] bytes = new byte[SENT];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    return bytes;
  }

  /** Sends on another thread, as the sender blocks while its peer does not read. */
  static CompletableFuture<Void> sendPatternMeanwhile(Connection connection) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            connection.send(pattern());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  static void assertAlive(Connection connection) throws Exception {
    connection.send((byte) 7);
    assertThat(connection.receive(1)).containsExactly(7);
  }

  static void awaitEnd(Connection connection) {
    TestThreads.await("the connection's end", () -> !connection.channel().isRegistered());
    connection.onLoop(() -> {}); // after channelInactive and channelUnregistered
  }
}
