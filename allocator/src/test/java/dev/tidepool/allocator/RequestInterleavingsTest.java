package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random sequences of requests, answers, writes and holds: the arena is never reset while a request
 * is open, and always when none is. A failing sequence is printed, shortened.
 */
class RequestInterleavingsTest {
  private static final int SEQUENCES = 3000;
  private static final int STEPS = 40;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  /** A connection, and a model of its open requests. */
  private abstract static class Model {
    final List<RequestHold> holds = new ArrayList<>();
    int callbacksDue;
    int callbacksRun;
    String fault = "";

    abstract EmbeddedChannel channel();

    abstract void step(int kind, Random random);

    abstract boolean isQuiet();

    final ConnectionArena arena() {
      return ArenaLifecycleHandler.arena(channel());
    }

    final void begin() {
      callbacksDue++;
      arena().onReset(this::onReset);
    }

    private void onReset() {
      callbacksRun++;
      if (!isQuiet()) {
        fault = "reset while a request is open: " + this;
      }
    }

    final void hold() {
      holds.add(arena().hold());
    }

    final void unhold(Random random) {
      if (!holds.isEmpty()) {
        RequestHold hold = holds.remove(random.nextInt(holds.size()));
        hold.close();
        hold.close(); // a second close does nothing
      }
    }

    final void verify() {
      channel().runPendingTasks();
      assertThat(fault).isEmpty();
      if (isQuiet()) {
        assertThat(callbacksRun).as("callbacks, when no request is open").isEqualTo(callbacksDue);
      }
    }

    final void end() {
      holds.forEach(RequestHold::close);
      channel().finishAndReleaseAll();
      assertThat(callbacksRun).as("callbacks after the close").isEqualTo(callbacksDue);
    }
  }

  /** Expects only the exceptions that failed writes with void promises fire. */
  private static final class Ignores extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      assertThat(cause).isInstanceOfAny(OnPurpose.class, ClosedChannelException.class);
    }
  }

  private static final class OnPurpose extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  // By messages

  /** Holds writes behind the boundary until the test passes them on or fails them. */
  private static final class Stall extends ChannelOutboundHandlerAdapter {
    final Deque<ChannelPromise> pending = new ArrayDeque<>();

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      pending.add(promise);
    }
  }

  private static final class ByMessages extends Model {
    private final Stall stall = new Stall();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int unanswered;

    ByMessages(UpstreamGuard guard) {
      channel
          .pipeline()
          .addLast(new ArenaLifecycleHandler(guard.allocator()))
          .addLast(stall)
          .addLast(RequestBoundary.messages("ask"::equals, "answer"::equals))
          .addLast(new Ignores());
    }

    @Override
    EmbeddedChannel channel() {
      return channel;
    }

    @Override
    boolean isQuiet() {
      return unanswered == 0 && stall.pending.isEmpty() && holds.isEmpty();
    }

    @Override
    void step(int kind, Random random) {
      switch (kind) {
        case 0, 1 -> {
          unanswered++;
          receive("ask");
          begin();
        }
        case 2 -> receive("more");
        case 3 -> channel.flushInbound();
        case 4, 5 -> answer(random.nextBoolean());
        case 6, 7, 8 -> complete(true);
        case 9 -> complete(false);
        case 10 -> hold();
        default -> unhold(random);
      }
    }

    private void receive(String message) {
      channel.writeOneInbound(message);
    }

    private void answer(boolean cares) {
      if (unanswered == 0) {
        return;
      }
      unanswered--;
      channel.write("answer", cares ? channel.newPromise() : channel.voidPromise());
    }

    private void complete(boolean success) {
      ChannelPromise next = stall.pending.poll();
      if (next == null) {
        return;
      }
      if (success) {
        next.setSuccess();
      } else {
        next.setFailure(new OnPurpose());
      }
    }

    @Override
    public String toString() {
      return "unanswered: %d, unwritten: %d, holds: %d"
          .formatted(unanswered, stall.pending.size(), holds.size());
    }
  }

  // By bursts of reads

  /** A channel that takes only as many of the flushed messages as the test allows. */
  private static final class SlowPeer extends EmbeddedChannel {
    private int takes;

    void take(int messages) {
      takes += messages;
      unsafe().flush();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
      while (takes > 0 && in.current() != null) {
        takes--;
        in.remove();
      }
    }

    void send(boolean cares) {
      ChannelPromise promise = cares ? newPromise() : voidPromise();
      pipeline().write(alloc().buffer(8).writeLong(1), promise);
    }
  }

  private static final class ByBursts extends Model {
    private final SlowPeer channel = new SlowPeer();
    private boolean reading;

    ByBursts(UpstreamGuard guard) {
      channel.pipeline().addLast(new ArenaLifecycleHandler(guard.allocator()), new Ignores());
    }

    @Override
    EmbeddedChannel channel() {
      return channel;
    }

    @Override
    boolean isQuiet() {
      return !reading && isWritten() && holds.isEmpty();
    }

    private boolean isWritten() {
      ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
      return outbound == null || (outbound.isEmpty() && outbound.totalPendingWriteBytes() == 0);
    }

    @Override
    void step(int kind, Random random) {
      switch (kind) {
        case 0, 1 -> {
          reading = true;
          channel.pipeline().fireChannelRead("bytes");
          begin();
        }
        case 2, 3 -> {
          boolean wasReading = reading;
          reading = false;
          if (wasReading) {
            channel.pipeline().fireChannelReadComplete();
          }
        }
        case 4 -> channel.send(true);
        case 5 -> {
          if (random.nextInt(4) == 0) {
            channel.send(false);
          }
        }
        case 6, 7 -> channel.flush();
        case 8, 9 -> channel.take(1 + random.nextInt(3));
        case 10 -> hold();
        default -> unhold(random);
      }
      channel.advanceTimeBy(1, java.util.concurrent.TimeUnit.SECONDS); // for void promises
      channel.runScheduledPendingTasks();
    }

    @Override
    public String toString() {
      return "reading: %s, written: %s, holds: %d".formatted(reading, isWritten(), holds.size());
    }
  }

  // Sequences

  private interface NewModel {
    Model of(UpstreamGuard guard);
  }

  private void run(NewModel kind, long seed, List<Integer> steps) {
    Model model = kind.of(guard);
    Random random = new Random(seed);
    try {
      for (int step : steps) {
        model.step(step, random);
        model.verify();
      }
    } finally {
      model.end();
    }
  }

  private boolean fails(NewModel kind, long seed, List<Integer> steps) {
    try {
      run(kind, seed, steps);
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }

  /** Removes, one after the other, the steps without which the sequence still fails. */
  private List<Integer> shortened(NewModel kind, long seed, List<Integer> steps) {
    List<Integer> shorter = new ArrayList<>(steps);
    for (int i = shorter.size() - 1; i >= 0; i--) {
      List<Integer> without = new ArrayList<>(shorter);
      without.remove(i);
      if (fails(kind, seed, without)) {
        shorter = without;
      }
    }
    return shorter;
  }

  private void runAll(NewModel kind) {
    long first = Long.getLong("interleavings.seed", new Random().nextLong());
    for (long seed = first; seed < first + SEQUENCES; seed++) {
      Random random = new Random(seed);
      List<Integer> steps = random.ints(STEPS, 0, 12).boxed().toList();
      try {
        run(kind, seed, steps);
      } catch (AssertionError e) {
        fail("-Dinterleavings.seed=%d, steps: %s".formatted(seed, shortened(kind, seed, steps)), e);
      }
    }
  }

  @Test
  void requestsByMessages() {
    runAll(ByMessages::new);
  }

  @Test
  void requestsByReadBursts() {
    runAll(ByBursts::new);
  }
}
