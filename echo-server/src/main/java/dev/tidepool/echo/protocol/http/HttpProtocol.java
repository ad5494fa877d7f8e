package dev.tidepool.echo.protocol.http;

import dev.tidepool.allocator.RequestBoundary;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.RequestProgress;
import dev.tidepool.echo.protocol.http2.Http2Protocol;
import dev.tidepool.echo.protocol.http2.PrefaceDetector;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Echoes what is posted, in HTTP/1.1 and 1.0, whatever its length; {@code GET /} answers a text, a
 * WebSocket begins at {@code /ws}, and a client that begins with HTTP/2 is answered in it.
 */
public record HttpProtocol() implements Protocol {
  private static final Http2Protocol HTTP_2 = new Http2Protocol();

  @Override
  public String name() {
    return "http";
  }

  @Override
  public String description() {
    return "HTTP/1.1 and HTTP/2, POST echoes; WebSocket at " + RequestTarget.WEB_SOCKET_PATH;
  }

  @Override
  public List<String> applicationProtocols() {
    return List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
  }

  @Override
  public List<String> clientApplicationProtocols() {
    return List.of(ApplicationProtocolNames.HTTP_1_1);
  }

  @Override
  public RequestProgress addServerCodec(ChannelPipeline pipeline) {
    // The encoder in front, so that the WebSocket decoder, which refuses frames, is behind its own.
    List<ChannelHandler> codec =
        List.of(new LingeringCloseHandler(), new HttpResponseEncoder(), new RequestDecoder());
    PrefaceDetector detector = new PrefaceDetector(codec, new HttpProgress(pipeline));
    pipeline.addLast(detector);
    codec.forEach(pipeline::addLast);
    return detector;
  }

  @Override
  public Optional<ChannelHandler> newBoundary() {
    return Optional.of(RequestBoundary.http1());
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered) {
    return newResponder(answered, stream -> {});
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered, Consumer<ChannelPipeline> arenas) {
    return new HttpResponder(
        new HttpEchoHandler(answered), () -> HTTP_2.newResponder(answered, arenas));
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return new HttpEchoClient(requests);
  }
}
