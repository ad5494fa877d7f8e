package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The frames that an HTTP/2 client gets when its message exceeds the connection's budget. */
class Http2RefusalTest {
  private static final int HARD = 64 * 1024;
  private static final int FRAME_HEADER = 9;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_HEADERS = 4;

  /** Bytes of the last stream identifier and the error code, before the debug data. */
  private static final int GOAWAY_FIELDS = 8;

  @RegisterExtension final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);
  @RegisterExtension final LoopbackServer server = new LoopbackServer();
  @RegisterExtension final CapturedLog log = new CapturedLog();

  /**
   * A frame as read from the socket.
   *
   * @param payload one character a byte
   */
  private record Frame(int type, String payload) {
    String debugData() {
      return payload.substring(GOAWAY_FIELDS);
    }
  }

  /** Allocates as many bytes as were announced, which is more than the budget has. */
  private static class Aggregator extends Http2FrameAdapter {
    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
        throws Http2Exception {
      ctx.alloc().buffer(2 * HARD).release();
      return data.readableBytes() + padding;
    }
  }

  /** Answers a failure as gRPC does, by resetting the stream with the failure's message. */
  private static final class StreamResetting extends Aggregator {
    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
        throws Http2Exception {
      try {
        return super.onDataRead(ctx, streamId, data, padding, endOfStream);
      } catch (ArenaBudgetExceededException e) {
        throw Http2Exception.streamError(streamId, Http2Error.INTERNAL_ERROR, e, e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalThatEndsTheConnectionRevealsNothing(Transport transport) throws Exception {
    List<Frame> frames = framesAfterTooLargeAMessage(transport, new Aggregator());
    assertThat(frames)
        .filteredOn(frame -> frame.type == GOAWAY)
        .first()
        .extracting(Frame::debugData)
        .isEqualTo("a memory limit was reached");
    assertNothingIsToldButTheLog(frames);
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalThatEndsTheStreamRevealsNothing(Transport transport) throws Exception {
    List<Frame> frames = framesAfterTooLargeAMessage(transport, new StreamResetting());
    assertThat(frames)
        .filteredOn(frame -> frame.type == RST_STREAM)
        .first()
        .isEqualTo(new Frame(RST_STREAM, "\0\0\0" + (char) Http2Error.INTERNAL_ERROR.code()));
    assertNothingIsToldButTheLog(frames);
  }

  private List<Frame> framesAfterTooLargeAMessage(Transport transport, Aggregator listener)
      throws Exception {
    ArenaByteBufAllocator allocator =
        guard.another(ArenaByteBufAllocator.builder().minBlockSize(4096).hardBudget(HARD));
    server.start(transport, channel -> install(channel, allocator, listener));
    Connection client = server.connect();
    client.send(request());
    List<Frame> frames = readToTheEnd(client.socket());
    TestThreads.await("the connection's end", () -> !client.channel().isActive());
    client.onLoop(() -> {});
    return frames;
  }

  private static void install(
      Channel channel, ArenaByteBufAllocator allocator, Aggregator listener) {
    ChannelHandler codec =
        new Http2ConnectionHandlerBuilder().server(true).frameListener(listener).build();
    channel.pipeline().addLast(new ArenaLifecycleHandler(allocator), codec);
  }

  private void assertNothingIsToldButTheLog(List<Frame> frames) {
    assertThat(frames)
        .extracting(Frame::payload)
        .noneMatch(
            text -> text.matches("(?s).*(127\\.0\\.0\\.1|udget|held|buffers|asked|65536).*"));
    assertThat(log.lines("closed: budget of "))
        .singleElement()
        .asString()
        .contains("hardBudget: 65536 bytes, held: ", "127.0.0.1:");
  }

  // HTTP/2, with prior knowledge

  private static byte[] request() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    bytes.write(frame(SETTINGS, 0, 0, new byte[0]));
    // :method POST, :scheme http and :path / of HPACK's static table
    bytes.write(frame(HEADERS, END_HEADERS, 1, new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0x84}));
    bytes.write(frame(DATA, 0, 1, new byte[1000]));
    return bytes.toByteArray();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(FRAME_HEADER + payload.length)
        .putShort((short) (payload.length >>> 8))
        .put((byte) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  private static List<Frame> readToTheEnd(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    List<Frame> frames = new ArrayList<>();
    try {
      while (true) {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        in.skipNBytes(FRAME_HEADER - 4);
        byte[] payload = new byte[length];
        in.readFully(payload);
        frames.add(new Frame(type, new String(payload, StandardCharsets.ISO_8859_1)));
      }
    } catch (EOFException | SocketException e) {
      return frames; // the end, or a reset because the server had unread input
    }
  }
}
