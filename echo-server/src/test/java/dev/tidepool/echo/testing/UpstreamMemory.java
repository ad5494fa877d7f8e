package dev.tidepool.echo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test after which more, or less, upstream memory is in use than before. The figure is that
 * of the upstream allocator itself, whatever the allocators above it say; found by every test
 * through the service file.
 */
public final class UpstreamMemory implements BeforeEachCallback, AfterEachCallback, Extension {
  private static final Namespace NAMESPACE = Namespace.create(UpstreamMemory.class);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Its class, as HTTP/2's below, keeps a few bytes of memory for good, from when it is loaded. */
  private static final ChannelHandler LOADED = new HttpResponseEncoder();

  static {
    Http2CodecUtil.connectionPrefaceBuf().release();
    new DefaultHttp2FrameWriter().close();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    assertThat(LOADED).isNotNull();
    context.getStore(NAMESPACE).put("before", used());
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    long before = context.getStore(NAMESPACE).get("before", Long.class);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (used() != before && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertThat(used()).as("bytes of upstream memory in use after the test").isEqualTo(before);
  }

  /** Bytes that are allocated upstream now, direct and heap. */
  public static long used() {
    var metric = UnpooledByteBufAllocator.DEFAULT.metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }
}
