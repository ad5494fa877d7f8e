package dev.tidepool.echo.server;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.concat;
import static dev.tidepool.echo.testing.TestClient.frame;
import static dev.tidepool.echo.testing.TestClient.length;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Checks;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * Good frames, bad frames and plain noise, cut into pieces anyhow, go through a connection's whole
 * pipeline. What a simple parser of the same bytes finds good comes back, what it finds bad ends
 * the connection with one line, and all memory comes back. Jazzer chooses; see ModelFuzzTest.
 */
@Tag("fuzz")
class FramingFuzzTest {
  private static final int LONGEST_INPUT = 8 << 10;

  private final List<String> faults = new ArrayList<>();
  private final UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(false);

  /**
   * What must become of an input.
   *
   * @param fault how the one fault line goes on after the connection's name; null: there is none
   */
  private record Verdict(int echoed, String fault) {
    static Verdict of(byte[] input) {
      ByteBuffer in = ByteBuffer.wrap(input);
      while (in.remaining() >= Integer.BYTES) {
        int payload = in.getInt(in.position());
        if (payload < 0 || payload > Protocol.LARGEST_PAYLOAD) {
          return new Verdict(in.position(), "frame length " + payload + ", expected 0 to 16777216");
        }
        if (in.remaining() - Integer.BYTES < payload) {
          break;
        }
        in.position(in.position() + Integer.BYTES + payload);
      }
      return new Verdict(in.position(), in.hasRemaining() ? "input ended after " : null);
    }
  }

  @FuzzTest(maxDuration = "30s")
  void whatIsCutAnyhowComesBackFrameByFrame(FuzzedDataProvider data) {
    faults.clear();
    ArenaByteBufAllocator allocator = allocator(data.consumeBoolean());
    EmbeddedChannel channel = channel(allocator);
    List<Integer> cuts = cuts(data);
    byte[] input = input(data);
    byte[] echo = echo(channel, input, cuts);
    Verdict verdict = Verdict.of(input);
    assertThat(echo).isEqualTo(Arrays.copyOf(input, verdict.echoed()));
    if (verdict.fault() == null) {
      assertThat(faults).isEmpty();
    } else {
      assertThat(faults).singleElement().asString().contains(verdict.fault());
    }
    assertThat(channel.isOpen()).as("open after the input's end").isFalse();
    allocator.trim();
    assertThat(upstream.metric().usedDirectMemory()).isZero();
    assertThat(upstream.metric().usedHeapMemory()).isZero();
  }

  private ArenaByteBufAllocator allocator(boolean checked) {
    return ArenaByteBufAllocator.builder()
        .upstream(upstream)
        .minBlockSize(1024)
        .maxBlockSize(4096)
        .trimInterval(Duration.ZERO)
        .checks(checked ? Checks.FULL : Checks.OFF)
        .build();
  }

  private EmbeddedChannel channel(ArenaByteBufAllocator allocator) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setOption(ChannelOption.ALLOCATOR, allocator);
    channel
        .pipeline()
        .addLast(
            new ConnectionInitializer(
                new FramedProtocol(),
                new ServerMemory(allocator),
                new ServerTotals(),
                (line, cause) -> faults.add(line),
                new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE),
                null,
                ConnectionProbe.NONE));
    return channel;
  }

  // The input

  private static List<Integer> cuts(FuzzedDataProvider data) {
    List<Integer> cuts = new ArrayList<>();
    for (int left = data.consumeInt(0, 20); left > 0; left--) {
      cuts.add(1 + data.consumeInt(0, 1500));
    }
    return cuts;
  }

  private static byte[] input(FuzzedDataProvider data) {
    byte[] input = {};
    while (data.remainingBytes() > 0 && input.length < LONGEST_INPUT) {
      input = concat(input, piece(data));
    }
    return input;
  }

  private static byte[] piece(FuzzedDataProvider data) {
    return switch (data.consumeInt(0, 7)) {
      case 0, 1, 2 -> frame(bytes(data.consumeInt(0, 40), 1));
      case 3, 4 -> frame(bytes(data.consumeInt(0, 3000), 2));
      case 5 -> length(data.consumeInt());
      case 6 -> length(Protocol.LARGEST_PAYLOAD + data.consumeInt(-1, 1));
      default -> data.consumeBytes(data.consumeInt(0, 40));
    };
  }

  // The connection

  private static byte[] echo(EmbeddedChannel channel, byte[] input, List<Integer> cuts) {
    int position = 0;
    for (int cut : cuts) {
      position += receive(channel, input, position, cut);
    }
    receive(channel, input, position, input.length);
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    channel.runPendingTasks();
    byte[] echo = outbound(channel);
    channel.finishAndReleaseAll();
    return echo;
  }

  private static int receive(EmbeddedChannel channel, byte[] input, int position, int cut) {
    int length = Math.min(cut, input.length - position);
    if (length > 0 && channel.isOpen()) {
      channel.writeInbound(
          channel.alloc().directBuffer(length).writeBytes(input, position, length));
    }
    return length;
  }

  private static byte[] outbound(EmbeddedChannel channel) {
    byte[] all = {};
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      byte[] bytes = new byte[part.readableBytes()];
      part.readBytes(bytes);
      all = concat(all, bytes);
      part.release();
    }
    return all;
  }
}
