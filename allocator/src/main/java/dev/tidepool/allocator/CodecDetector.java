package dev.tidepool.allocator;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The detector of the codec in one channel's pipeline: puts a boundary behind the codec, and
 * removes it when the codec is gone, as after an upgrade to WebSocket. What a channel does without
 * a codec that is known here is left to the lifecycle handler's own boundary.
 *
 * <pre>
 *   boundary != null  implies  codec != null, and the boundary was put behind it
 * </pre>
 *
 * <p>Event loop only. It never throws: a failure is logged, and ends the detection.
 */
final class CodecDetector {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(CodecDetector.class);

  private static final boolean HAS_HTTP = hasHttp();

  /** Whether the lifecycle handler gives way to one that the application adds. */
  final boolean givesWay;

  private HttpCodecs.@Nullable Codec codec;
  private @Nullable MessageBoundary boundary;

  /** Stands behind a handler that may add a codec behind itself. */
  private @Nullable ChannelHandler lookout;

  private boolean hasEnded = !HAS_HTTP;

  CodecDetector(boolean givesWay) {
    this.givesWay = givesWay;
  }

  private static boolean hasHttp() {
    try {
      HttpCodecs.link();
      return true;
    } catch (LinkageError e) {
      logger.debug("netty-codec-http is not on the class path: requests end with read bursts", e);
      return false;
    }
  }

  /** Looks which codec there is now, and has {@code lifecycle} follow its boundary. */
  void detect(ArenaLifecycleHandler lifecycle, ChannelPipeline pipeline) {
    if (hasEnded || (codec != null && !codec.isRemoved())) {
      return; // the usual case: nothing has changed
    }
    try {
      removeBoundary(pipeline);
      if (lifecycle.messages() == null) {
        find(lifecycle, pipeline);
      }
    } catch (RuntimeException | LinkageError e) {
      hasEnded = true;
      logger.warn("{}: its codec is not detected: requests end with read bursts", pipeline, e);
    }
  }

  private void find(ArenaLifecycleHandler lifecycle, ChannelPipeline pipeline) {
    codec = HttpCodecs.find(pipeline);
    if (codec != null) {
      removeLookout(pipeline);
      boundary = HttpCodecs.putBoundaryBehind(codec);
    } else if (lookout == null && HttpCodecs.mayBeAddedBehind(pipeline.lastContext())) {
      lookout = new CodecLookout(arrived -> look(lifecycle, pipeline, arrived));
      pipeline.addLast(lookout);
    }
  }

  /** A codec in front of the lookout has decoded {@code arrived} already. */
  private void look(ArenaLifecycleHandler lifecycle, ChannelPipeline pipeline, Object arrived) {
    detect(lifecycle, pipeline);
    if (boundary != null) {
      boundary.missed(arrived);
    }
  }

  private void removeBoundary(ChannelPipeline pipeline) {
    codec = null;
    if (boundary != null && pipeline.context(boundary) != null) {
      pipeline.remove(boundary);
    }
    boundary = null;
  }

  private void removeLookout(ChannelPipeline pipeline) {
    if (lookout != null && pipeline.context(lookout) != null) {
      pipeline.remove(lookout);
    }
    lookout = null;
  }

  /** Removes what it has put into the pipeline, and detects nothing more. */
  void end(ChannelPipeline pipeline) {
    hasEnded = true;
    removeBoundary(pipeline);
    removeLookout(pipeline);
  }
}
