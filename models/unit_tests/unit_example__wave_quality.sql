{{ wave_quality('unit_example') }}
