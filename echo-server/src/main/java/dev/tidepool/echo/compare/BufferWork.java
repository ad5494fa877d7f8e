package dev.tidepool.echo.compare;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * An HTTP/1.1 protocol whose server allocates buffers for each request beside those of the echo, as
 * an application does that parses, queries and renders.
 *
 * @param plain the protocol that it is otherwise
 * @param buffers for each request, released in the order of their allocation when it is answered
 */
record BufferWork(Protocol plain, int buffers) implements Protocol {
  private static final int[] SIZES = {64, 256, 32, 1024, 128, 512, 64, 2048, 256, 128};

  @Override
  public String name() {
    return plain.name();
  }

  @Override
  public String description() {
    return plain.description();
  }

  @Override
  public List<String> applicationProtocols() {
    return plain.applicationProtocols();
  }

  @Override
  public List<String> clientApplicationProtocols() {
    return plain.clientApplicationProtocols();
  }

  @Override
  public RequestProgress addServerCodec(ChannelPipeline pipeline) {
    return plain.addServerCodec(pipeline);
  }

  @Override
  public Optional<ChannelHandler> newBoundary() {
    return plain.newBoundary();
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered) {
    return newResponder(answered, stream -> {});
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered, Consumer<ChannelPipeline> arenas) {
    return new Worker(buffers, plain.newResponder(answered, arenas));
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return plain.newClient(requests);
  }

  /** Holds a request's buffers from its head until it is answered. */
  private static final class Worker extends ChannelInboundHandlerAdapter {
    private final int count;
    private final ChannelHandler responder;
    private final List<ByteBuf> held = new ArrayList<>();

    Worker(int count, ChannelHandler responder) {
      this.count = count;
      this.responder = responder;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.pipeline().addAfter(ctx.name(), "responder", responder);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest) {
        allocate(ctx);
      }
      boolean last = message instanceof LastHttpContent;
      ctx.fireChannelRead(message);
      if (last) {
        release();
      }
    }

    private void allocate(ChannelHandlerContext ctx) {
      for (int i = 0; i < count; i++) {
        int size = SIZES[i % SIZES.length];
        held.add(ctx.alloc().buffer(size).writeLong(i).writerIndex(size));
      }
    }

    private void release() {
      held.forEach(ByteBuf::release);
      held.clear();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      release(); // of a request that was broken off
    }
  }
}
