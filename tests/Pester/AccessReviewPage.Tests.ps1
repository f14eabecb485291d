# The page of Export-PgEdgeAccessReview in a real browser: what its script does, and the CSV file that it saves.

BeforeDiscovery {
    . $PSScriptRoot/browser.ps1
    $hasBrowser = [bool] (Find-Browser)
}

Describe 'The page of Export-PgEdgeAccessReview in Chromium' -Skip:(-not $hasBrowser) {
    BeforeAll {
        . $PSScriptRoot/common.ps1
        . $PSScriptRoot/browser.ps1
        $names = 'alice', '=cmd()', '+1', '-x', '@y', "'=z", "'plain", 'comma, "quoted"', "tab`tinside", 'Zoë 漢'
        $file = New-UserFile
        $entry = [regex]::Match((Get-Text $file), '(?m)^    alice:\n(        .*\n)+').Value
        $entries = foreach ($name in $names) {
            $entry.Replace('alice', ($name | ConvertTo-Json))
        }
        Set-UserFile $file ("users:`n" + ($entries -join '') +
            $entry.Replace('alice', 'dora').Replace('enabled: true', 'enabled: false'))
        $folder = Split-Path $file
        $null = Export-PgEdgeAccessReview $folder/review.html -Path $file -InactiveFor 90d
        $browser = Open-Browser $folder
        Show-Page $browser $folder/review.html

        # The names of the users that are shown, in the order of the page.
        function Get-Shown {
            Get-FromPage $browser '[...document.querySelectorAll("#users tbody tr:not([hidden])")]
                .map(row => JSON.parse(row.dataset.name))'
        }

        function Set-Decision([string] $Name, [string] $Decision) {
            Get-FromPage $browser "{
                const row = [...document.querySelectorAll('#users tbody tr')]
                    .find(row => JSON.parse(row.dataset.name) === $($Name | ConvertTo-Json));
                row.scrollIntoView();
                new Promise(done => {
                    const wait = () => row.querySelector('select') ? done() : requestAnimationFrame(wait);
                    wait();
                }).then(() => {
                    const select = row.querySelector('select');
                    select.value = $($Decision | ConvertTo-Json);
                    select.dispatchEvent(new Event('change'));
                    return select.value;
                });
            }" | Should -Be $Decision
        }

        function Save-Decisions {
            $null = Get-FromPage $browser 'document.getElementById("save").click()'
            $download = Wait-Browser $browser Browser.downloadProgress { $_.params.state -eq 'completed' }
            $begun = Wait-Browser $browser Browser.downloadWillBegin { $_.params.guid -eq $download.guid }
            Join-Path $folder $begun.suggestedFilename
        }
    }

    AfterAll {
        Close-Browser $browser
    }

    BeforeEach {
        Show-Page $browser $folder/review.html
    }

    It 'loads nothing and violates no policy' {
        $requests = $browser.Events | Where-Object method -EQ Network.requestWillBeSent |
            ForEach-Object { $_.params.request.url }

        $requests | Sort-Object -Unique | Should -Be ([uri]::new("$folder/review.html")).AbsoluteUri
        $browser.Events | Where-Object method -In Log.entryAdded, Runtime.exceptionThrown | Should -BeNullOrEmpty
    }

    It 'runs no other script, not even one that gets into the page' {
        Get-FromPage $browser 'document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=window.isAttacked=1>");
            const script = document.createElement("script");
            script.textContent = "window.isAttacked = 1";
            document.body.append(script);
            "" + window.isAttacked' | Should -Be 'undefined'
    }

    It 'sorts by a column, and in the other direction at the second time' {
        $header = 'document.querySelectorAll("#users th")[0]'
        Get-FromPage $browser "$header.click()"
        $ascending = Get-Shown
        Get-FromPage $browser "$header.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))"
        $descending = Get-Shown

        Get-FromPage $browser "$header.getAttribute('aria-sort')" | Should -Be 'descending'
        $ascending.IndexOf('alice') | Should -BeLessThan $ascending.IndexOf('dora')
        [array]::Reverse($descending)
        $descending | Should -BeExactly $ascending
    }

    It 'filters by text, warning and decision' {
        function Set-Filter([string] $Id, [string] $Property, [string] $Value) {
            Get-FromPage $browser "{
                const input = document.getElementById('$Id');
                input.$Property = $Value;
                input.dispatchEvent(new Event('input'));
            }"
        }

        Set-Filter filter value '"DORA"'
        Get-Shown | Should -Be 'dora'

        Set-Filter filter value '""'
        Set-Decision alice Keep
        Set-Filter undecided checked true
        Get-Shown | Should -HaveCount ($names.Count)
        Get-Shown | Should -Not -Contain alice
        Get-FromPage $browser 'document.getElementById("shown").value' | Should -Be '10 of 11 users shown, 1 decided'
    }

    It 'offers no decision to disable a disabled user' {
        Set-Decision dora Keep

        Get-FromPage $browser '[...document.querySelectorAll("#users tr")]
            .find(row => row.cells[0].textContent === "dora").querySelector("select").length' | Should -Be 3
    }

    It 'saves a CSV file in which no cell is a formula, and which Sync-PgEdgeUser applies to exactly these users' {
        Set-Decision alice Keep
        foreach ($name in '=cmd()', "'=z", 'comma, "quoted"', 'Zoë 漢') {
            Set-Decision $name Disable
        }
        foreach ($name in '@y', "'plain", 'dora') {
            Set-Decision $name Remove
        }

        $csv = Save-Decisions
        $rows = Import-Csv $csv
        Remove-PgEdgeUser '-x' -Path $file -Confirm:$false
        New-PgEdgeUser added.later -Password (New-Secret $Passwords.new) -Path $file
        $plan = $rows | Sync-PgEdgeUser -Path $file -Force -WhatIf 6> $null
        $done = $rows | Sync-PgEdgeUser -Path $file -Force -Confirm:$false

        Split-Path $csv -Leaf |
            Should -Be "access-review-$([Environment]::MachineName)-$(Get-Date -Format yyyy-MM-dd).csv"
        (Get-Text $csv) -replace '"' -split '\r\n|,' | Where-Object { $_ -match '^[=+\-@\t]' } | Should -BeNullOrEmpty
        $rows | ForEach-Object Decision | Group-Object | ForEach-Object { "$($_.Name) $($_.Count)" } |
            Should -Be ' 3', 'Disable 4', 'Keep 1', 'Remove 3'
        $acted = { $_ | Where-Object Action -NE None | ForEach-Object { "$($_.Action) $($_.Username)" } | Sort-Object }
        $done | ForEach-Object $acted | Should -Be ($plan | ForEach-Object $acted)
        Get-PgEdgeUser -Path $file | Where-Object Status -EQ Disabled | ForEach-Object Username | Sort-Object |
            Should -BeExactly ('=cmd()', "'=z", 'comma, "quoted"', 'Zoë 漢' | Sort-Object)
        Get-PgEdgeUser -Path $file | ForEach-Object Username | Sort-Object |
            Should -BeExactly (($names | Where-Object { $_ -notin '@y', "'plain", '-x' }) + 'added.later' | Sort-Object)
    }

    It 'prints the header on every page, decisions as text, and no controls' {
        Set-Decision alice Disable
        Invoke-Browser $browser Emulation.setEmulatedMedia @{ media = 'print' }

        Get-FromPage $browser 'getComputedStyle(document.querySelector(".tools")).display' | Should -Be none
        Get-FromPage $browser 'getComputedStyle(document.querySelector("select")).display' | Should -Be none
        Get-FromPage $browser 'getComputedStyle(document.querySelector("[data-decision=Disable]"), "::after").content' |
            Should -Be '"Disable"'
        Get-FromPage $browser 'document.querySelectorAll("thead button").length' | Should -Be 0
        Invoke-Browser $browser Emulation.setEmulatedMedia @{ media = '' }
    }

    It 'has enough contrast in the <_> scheme' -ForEach light, dark {
        Invoke-Browser $browser Emulation.setEmulatedMedia @{
            features = @(@{ name = 'prefers-color-scheme'; value = $_ })
        }

        # The ratio of WCAG 2.1 between the text and the background of the page, of a warning and of a note.
        $ratios = Get-FromPage $browser '{
            const luminance = color => color.match(/[\d.]+/g).slice(0, 3).map(v => v / 255)
                .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const background = element => {
                const own = element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)";
                return own === "rgba(0, 0, 0, 0)" ? background(element.parentElement) : own;
            };
            ["h1", ".warning", ".note", ".disabled", "thead th"].map(selector => {
                const element = document.querySelector(selector);
                const pair = [luminance(getComputedStyle(element).color), luminance(background(element))];
                return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
            });
        }'

        $ratios | Should -HaveCount 5
        $ratios | ForEach-Object { $_ | Should -BeGreaterOrEqual 4.5 }
    }
}
