package dev.tidepool.echo.protocol.http2;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Echoes what is posted on each stream, as it arrives; GET answers a text. In clear text with prior
 * knowledge, over TLS by ALPN.
 */
public record Http2Protocol() implements Protocol {
  @Override
  public String name() {
    return "h2";
  }

  @Override
  public String description() {
    return "HTTP/2, POST echoes";
  }

  @Override
  public List<String> applicationProtocols() {
    return List.of(ApplicationProtocolNames.HTTP_2);
  }

  @Override
  public RequestProgress addServerCodec(ChannelPipeline pipeline) {
    Http2FrameCodec codec = Codecs.server();
    pipeline.addLast(codec, new ConnectionHandler(codec.connection()));
    return new OpenStreams(codec.connection());
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered) {
    return newResponder(answered, stream -> {});
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered, Consumer<ChannelPipeline> arenas) {
    return new Http2MultiplexHandler(new StreamInitializer(answered, arenas));
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return new Http2EchoClient();
  }
}
