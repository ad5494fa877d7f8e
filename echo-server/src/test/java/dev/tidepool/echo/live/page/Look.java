package dev.tidepool.echo.live.page;

/**
 * How a page is looked at.
 *
 * @param width of the window in CSS pixels
 * @param height of the window in CSS pixels
 * @param phone whether the device is a phone
 * @param dark whether the system is set to dark
 * @param still whether the system is set to reduced motion
 */
public record Look(int width, int height, boolean phone, boolean dark, boolean still) {
  public static final Look DESK = new Look(1360, 1000, false, false, false);
  public static final Look DARK = new Look(1360, 1000, false, true, false);
  public static final Look PHONE = new Look(360, 740, true, false, false);
  public static final Look STILL = new Look(1360, 1000, false, false, true);
  public static final Look SMALL = new Look(1100, 820, false, false, true);
}
