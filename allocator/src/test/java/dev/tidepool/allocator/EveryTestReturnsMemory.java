package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The extension, registered for every test of the module, that checks that the default upstream,
 * {@code UnpooledByteBufAllocator.DEFAULT}, has as much memory in use after the test as before.
 *
 * <p>So a test that builds an allocator must end it or have an {@link UpstreamGuard} trim it. Only
 * Netty's own test methods are excepted, as they leave unpooled buffers to the garbage collector;
 * the allocator that they test is guarded too.
 */
public final class EveryTestReturnsMemory implements BeforeEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(EveryTestReturnsMemory.class);

  static { // these classes keep a few bytes forever
    new HttpResponseEncoder();
    Http2CodecUtil.connectionPrefaceBuf().release();
    new DefaultHttp2FrameWriter().close();
  }

  /**
   * Has the context check when it closes: values are closed in the reverse order of their coming,
   * so after an {@link UpstreamGuard}'s, which trims.
   */
  @Override
  public void beforeEach(ExtensionContext context) {
    String tests = context.getRequiredTestMethod().getDeclaringClass().getName();
    if (tests.startsWith("dev.tidepool.")) {
      Used before = Used.now();
      context.getStore(NAMESPACE).put(Used.class, (AutoCloseable) () -> check(before));
    }
  }

  private static void check(Used before) {
    assertThat(Used.now()).as("upstream memory in use after the test").isEqualTo(before);
  }

  private record Used(long direct, long heap) {
    static Used now() {
      ByteBufAllocatorMetric metric = UnpooledByteBufAllocator.DEFAULT.metric();
      return new Used(metric.usedDirectMemory(), metric.usedHeapMemory());
    }
  }
}
