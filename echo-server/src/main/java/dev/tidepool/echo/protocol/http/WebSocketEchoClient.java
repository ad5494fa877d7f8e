package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.protocol.ByteSequence;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Sends messages, every other one text, in up to three fragments or of at most 64 KiB each, and
 * verifies that they come back.
 */
final class WebSocketEchoClient implements ProtocolClient {
  private static final int LARGEST_FRAGMENT = 64 << 10;
  private static final int MOST_SMALL_FRAGMENTS = 3;

  /** How long a close frame may wait for a server that does not read. */
  private static final long CLOSE_TIMEOUT_MILLIS = 200;

  private static final int LARGEST_REFUSAL = 64 << 10;
  private static final String ADDRESS = "ws://tidepool" + RequestTarget.WEB_SOCKET_PATH;

  private final String url;
  private final List<Map.Entry<String, String>> fields;
  private final EchoVerifier verifier;
  private boolean amidMessage;

  WebSocketEchoClient(LongFunction<Request> requests) {
    this(requests, ADDRESS, List.of());
  }

  /**
   * @param fields of the handshake's request, beside those that it requires
   */
  WebSocketEchoClient(
      LongFunction<Request> requests, String url, List<Map.Entry<String, String>> fields) {
    this.url = url;
    this.fields = fields;
    this.verifier = new EchoVerifier(requests, WebSocketEchoClient::content);
  }

  @Override
  public boolean hasHandshake() {
    return true;
  }

  @Override
  public void addCodec(ChannelPipeline pipeline) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    fields.forEach(field -> headers.add(field.getKey(), field.getValue()));
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(url)
            .subprotocol(headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL))
            .customHeaders(headers.remove(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL))
            .maxFramePayloadLength(Protocol.LARGEST_PAYLOAD)
            .forceCloseTimeoutMillis(CLOSE_TIMEOUT_MILLIS)
            .build();
    pipeline.addLast(
        new HttpClientCodec(),
        new HttpObjectAggregator(LARGEST_REFUSAL), // of the handshake; then it is removed
        new WebSocketClientProtocolHandler(config),
        new ReadyHandler());
  }

  /** Says that the handshake is over. */
  private static final class ReadyHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      boolean isOver = event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE;
      ctx.fireUserEventTriggered(isOver ? READY : event);
    }
  }

  // Requests

  private static boolean isText(Request request) {
    return request.sequence() % 2 == 1;
  }

  private static ByteSequence content(Request request) {
    return isText(request) ? new Letters(request.payload()) : request.payload();
  }

  /** A payload as letters and digits and the like, which are UTF-8. */
  private record Letters(ByteSequence payload) implements ByteSequence {
    @Override
    public int length() {
      return payload.length();
    }

    @Override
    public byte at(int position) {
      return (byte) ('0' + (payload.at(position) & 0x3f));
    }
  }

  @Override
  public List<?> encode(Request request, ByteBufAllocator allocator) {
    verifier.sent();
    ByteSequence content = content(request);
    ByteBuf bytes = allocator.directBuffer(content.length());
    content.writeTo(bytes);
    return fragments(request, bytes);
  }

  private static List<WebSocketFrame> fragments(Request request, ByteBuf bytes) {
    int pieces = 1 + (int) (request.sequence() / 2 % MOST_SMALL_FRAGMENTS);
    int size = Math.min(LARGEST_FRAGMENT, 1 + bytes.readableBytes() / pieces);
    List<WebSocketFrame> frames = new ArrayList<>();
    while (bytes.readableBytes() > size) {
      frames.add(frame(request, frames.isEmpty(), false, bytes.readRetainedSlice(size)));
    }
    frames.add(frame(request, frames.isEmpty(), true, bytes));
    return frames;
  }

  private static WebSocketFrame frame(
      Request request, boolean isFirst, boolean isFinal, ByteBuf bytes) {
    if (!isFirst) {
      return new ContinuationWebSocketFrame(isFinal, 0, bytes);
    }
    return isText(request)
        ? new TextWebSocketFrame(isFinal, 0, bytes)
        : new BinaryWebSocketFrame(isFinal, 0, bytes);
  }

  // Answers

  @Override
  public void receive(Object message, Answers answers) throws WrongAnswerException {
    WebSocketFrame frame = (WebSocketFrame) message;
    verifyKind(verifier.due(), frame);
    verifier.verify(frame.content(), answers);
    amidMessage = !frame.isFinalFragment();
    if (frame.isFinalFragment()) {
      verifier.end(answers);
    }
  }

  private void verifyKind(Request request, WebSocketFrame frame) throws WrongAnswerException {
    String expected = amidMessage ? "Continuation" : isText(request) ? "Text" : "Binary";
    String found = frame.getClass().getSimpleName();
    if (!found.startsWith(expected)) {
      throw verifier.wrong("a " + found + ", expected " + expected, 0);
    }
  }
}
