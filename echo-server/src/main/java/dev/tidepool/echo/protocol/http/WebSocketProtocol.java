package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/** Echoes the messages of WebSockets; the server is that of HTTP, on the same port. */
public record WebSocketProtocol() implements Protocol {
  private static final HttpProtocol SERVER = new HttpProtocol();

  @Override
  public String name() {
    return "ws";
  }

  @Override
  public String firstSpoken() {
    return SERVER.name();
  }

  @Override
  public String description() {
    return "WebSocket, and HTTP on the same port";
  }

  @Override
  public List<String> applicationProtocols() {
    return SERVER.applicationProtocols();
  }

  @Override
  public List<String> clientApplicationProtocols() {
    return SERVER.clientApplicationProtocols();
  }

  @Override
  public RequestProgress addServerCodec(ChannelPipeline pipeline) {
    return SERVER.addServerCodec(pipeline);
  }

  @Override
  public Optional<ChannelHandler> newBoundary() {
    return SERVER.newBoundary();
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered) {
    return SERVER.newResponder(answered);
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered, Consumer<ChannelPipeline> arenas) {
    return SERVER.newResponder(answered, arenas);
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return new WebSocketEchoClient(requests);
  }
}
