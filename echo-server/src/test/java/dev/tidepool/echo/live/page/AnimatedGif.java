package dev.tidepool.echo.live.page;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A moving picture that begins anew at its end. Of each frame only the rectangle is written that
 * differs from the one before. The names of the metadata are those of the JDK's <a
 * href="https://docs.oracle.com/en/java/javase/17/docs/api/java.desktop/javax/imageio/metadata/doc-files/gif_metadata.html">GIF
 * Metadata Format Specification</a>.
 */
final class AnimatedGif implements AutoCloseable {
  private static final int MILLIS_PER_TICK = 10;

  private final ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
  private final FileImageOutputStream out;
  private @Nullable BufferedImage last;

  AnimatedGif(Path file) throws IOException {
    Files.deleteIfExists(file); // a longer one's end would remain
    out = new FileImageOutputStream(file.toFile());
    writer.setOutput(out);
    writer.prepareWriteSequence(null);
  }

  /** Shows {@code frame}, of the same size as all others, for {@code time}. */
  void add(BufferedImage frame, Duration time) throws IOException {
    Rectangle changed = last == null ? bounds(frame) : changed(last, frame);
    BufferedImage part = copy(frame, changed);
    writer.writeToSequence(new IIOImage(part, null, metadata(part, changed, time)), null);
    last = frame;
  }

  private IIOMetadata metadata(BufferedImage part, Rectangle place, Duration time)
      throws IOException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(part), null);
    String format = metadata.getNativeMetadataFormatName();
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
    IIOMetadataNode descriptor = child(root, "ImageDescriptor");
    descriptor.setAttribute("imageLeftPosition", Integer.toString(place.x));
    descriptor.setAttribute("imageTopPosition", Integer.toString(place.y));
    IIOMetadataNode control = child(root, "GraphicControlExtension");
    control.setAttribute("disposalMethod", "doNotDispose");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("transparentColorIndex", "0");
    control.setAttribute("delayTime", Long.toString(time.toMillis() / MILLIS_PER_TICK));
    if (last == null) {
      child(root, "ApplicationExtensions").appendChild(endless());
    }
    metadata.setFromTree(format, root);
    return metadata;
  }

  private static IIOMetadataNode endless() {
    IIOMetadataNode extension = new IIOMetadataNode("ApplicationExtension");
    extension.setAttribute("applicationID", "NETSCAPE");
    extension.setAttribute("authenticationCode", "2.0");
    extension.setUserObject(new byte[] {1, 0, 0}); // a block of loops, of which 0 is no end
    return extension;
  }

  private static IIOMetadataNode child(IIOMetadataNode parent, String name) {
    if (parent.getElementsByTagName(name).getLength() == 0) {
      parent.appendChild(new IIOMetadataNode(name));
    }
    return (IIOMetadataNode) parent.getElementsByTagName(name).item(0);
  }

  private static Rectangle bounds(BufferedImage image) {
    return new Rectangle(image.getWidth(), image.getHeight());
  }

  /**
   * The smallest rectangle outside of which both are equal; one pixel if they are equal everywhere.
   */
  private static Rectangle changed(BufferedImage before, BufferedImage after) {
    int left = after.getWidth();
    int top = after.getHeight();
    int right = 0;
    int bottom = 0;
    for (int y = 0; y < after.getHeight(); y++) {
      for (int x = 0; x < after.getWidth(); x++) {
        if (before.getRGB(x, y) != after.getRGB(x, y)) {
          left = Math.min(left, x);
          top = Math.min(top, y);
          right = Math.max(right, x + 1);
          bottom = Math.max(bottom, y + 1);
        }
      }
    }
    return right == 0 ? new Rectangle(1, 1) : new Rectangle(left, top, right - left, bottom - top);
  }

  /** Without transparency, which the writer would spend a colour on. */
  private static BufferedImage copy(BufferedImage frame, Rectangle part) {
    BufferedImage copy = new BufferedImage(part.width, part.height, BufferedImage.TYPE_INT_RGB);
    copy.createGraphics().drawImage(frame, -part.x, -part.y, null);
    return copy;
  }

  @Override
  public void close() throws IOException {
    writer.endWriteSequence();
    writer.dispose();
    out.close();
  }
}
