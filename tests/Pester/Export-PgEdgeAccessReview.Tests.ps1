BeforeAll {
    . $PSScriptRoot/common.ps1

    # The text of the cells of each row of a table, separated by '|'.
    function Get-Row([string] $Page, [string] $Table) {
        $rows = [regex]::Match((Get-Text $Page), "(?s)<table id=`"$Table`".*?</table>").Value -split '<tr[ >]' |
            Select-Object -Skip 2
        $rows | ForEach-Object {
            $cells = [regex]::Matches($_, '(?s)<t[dh][^>]*>(.*?)</t[dh]>') |
                ForEach-Object { [System.Net.WebUtility]::HtmlDecode(($_.Groups[1].Value -replace '<[^>]*>')).Trim() }
            $cells -join '|'
        }
    }
}

Describe 'Export-PgEdgeAccessReview' {
    BeforeEach {
        $file = New-UserFile
        $page = Join-Path (Split-Path $file) review.html
        Push-Location (Split-Path $file)
    }

    AfterEach {
        Pop-Location
    }

    It 'returns the page, which only its owner can read' {
        $result = Export-PgEdgeAccessReview review.html -Path $file

        $result | Should -BeOfType System.IO.FileInfo
        $result.FullName | Should -Be $page
        if (-not $IsWindows) {
            $result.UnixMode | Should -Be '-rw-------'
        }
    }

    It 'lists the users with local dates, annotations and findings' {
        $null = Export-PgEdgeAccessReview $page -Path $file -InactiveFor 100000d

        Get-Row $page users | Should -BeExactly @(
            'alice|Enabled|2024-10-30|2024-11-14||Developer|Weak password hash (cost 4) Password age unknown|'
            'bob|Enabled|2024-10-15|||Admin|Weak password hash (cost 4) Never signed in Password age unknown|'
            'charlie|Disabled|2024-09-01|2024-10-10||Former emp|Weak password hash (cost 4) Password age unknown ' +
            'Locked out (3 failed sign-ins)|')
    }

    It 'marks inactive users and old passwords from the given durations on' {
        Set-PgEdgeUser alice -Password (New-Secret $Passwords.new) -Path $file

        $null = Export-PgEdgeAccessReview $page -Path $file -InactiveFor 1d -PasswordOlderThan 0d

        $alice, $bob, $charlie = Get-Row $page users
        $today = Get-Date -Format yyyy-MM-dd
        $alice | Should -Match "\|$today\|Developer\|No sign-in for \d+ days Password 0 days old\|"
        $bob | Should -Match 'Never signed in'
        $charlie | Should -Not -Match 'No sign-in'
    }

    It 'lists the changes with values, actor and reason, but not those before -Since' {
        Disable-PgEdgeUser bob -Reason 'Left <on> Friday' -Path $file
        Rename-PgEdgeUser charlie carl -Path $file

        $null = Export-PgEdgeAccessReview $page -Path $file
        $null = Export-PgEdgeAccessReview later.html -Path $file -Since (Get-Date).AddMinutes(1)

        $time = '\d{4}-\d\d-\d\d \d\d:\d\d'
        $disabled, $renamed = Get-Row $page changes
        $disabled | Should -Match "^$time\|bob\|UserDisabled\|Enabled → Disabled\|\S.*\|Left <on> Friday$"
        $renamed | Should -Match "^$time\|charlie\|UserRenamed\|charlie → carl\|\S.*\|$"
        Get-Text $PWD/later.html | Should -Match 'No changes were recorded'
    }

    It 'says so if changes are not known' {
        $null = Export-PgEdgeAccessReview $page -Path $file

        Get-Text $page | Should -Match 'changes are not known'
    }

    It 'shows where and when it was created, by whom, and how to apply the decisions' {
        $null = Export-PgEdgeAccessReview $page -Path $file

        $text = Get-Text $page
        $text | Should -Match ([regex]::Escape("<dt>User file</dt><dd>$file</dd>"))
        $text | Should -Match "<dt>Host</dt><dd>$([Environment]::MachineName)</dd>"
        $today = Get-Date -Format yyyy-MM-dd
        $text | Should -Match "<dt>Created</dt><dd>$today \d\d:\d\d \(times are UTC-05:00\)</dd>"
        $text | Should -Match "<dt>By</dt><dd>.*$([Environment]::UserName)</dd>"
        $text | Should -Match ([regex]::Escape("Sync-PgEdgeUser -Path &#39;$file&#39;"))
    }

    It 'shows warnings about the file' -Skip:$IsWindows {
        chmod 644 $file

        $null = Export-PgEdgeAccessReview $page -Path $file

        Get-Text $page | Should -Match '>ModeTooWide</span>'
    }

    It 'escapes all text, and contains no hash and no reference to another file' {
        Edit-UserFile $file 'annotation: Developer' `
            'annotation: "</td><script>alert(1)</script>\u202E\e[31m & \"x\" ''y''"'
        Edit-UserFile $file '    bob:' "    '</script><img onerror=alert(1)>':"

        $null = Export-PgEdgeAccessReview $page -Path $file

        $text = Get-Text $page
        [regex]::Matches($text, '<(script|img)') | Should -HaveCount 1
        $visible = '</td><script>alert(1)</script>\u{202E}\u{1B}[31m & "x" ''y'''
        (Get-Row $page users)[1] | Should -Match ([regex]::Escape($visible))
        [regex]::Matches($text, '\$2a\$|\shref=|\ssrc=|\burl\(|@import') | Should -BeNullOrEmpty
        $text.Contains("default-src 'none'") | Should -BeTrue
    }

    It 'truncates long text on the page, but not the name for the CSV file' {
        $name = 'n' * 1000
        Edit-UserFile $file '    bob:' "    ? $name`n    :"

        $null = Export-PgEdgeAccessReview $page -Path $file

        Get-Row $page users | Where-Object { $_ -match "^n{300}…\|" } | Should -HaveCount 1
        Get-Text $page | Should -Match "data-name=`"&quot;$name&quot;`""
    }

    It 'takes the user file from the pipeline: <_>' -ForEach @(
        { Get-Item $file }, { Get-PgEdgeUserFile $file }, { $file }
    ) {
        $null = & $_ | Export-PgEdgeAccessReview $page

        Get-Row $page users | Should -HaveCount 3
    }

    It 'creates nothing with -WhatIf' {
        Export-PgEdgeAccessReview $page -Path $file -WhatIf | Should -BeNullOrEmpty

        Test-Path $page | Should -BeFalse
    }

    It 'never replaces a file, not even the user file' {
        $before = Get-Text $file

        { Export-PgEdgeAccessReview $file -Path $file } |
            Should -Throw -ErrorId 'ReviewFailed,*' -ExpectedMessage '*already exists*'

        Get-Text $file | Should -BeExactly $before
    }

    It 'reports a folder that does not exist' {
        { Export-PgEdgeAccessReview no/review.html -Path $file } |
            Should -Throw -ErrorId 'ReviewFailed,*' -ExpectedMessage '*no/review.html*'
    }

    It 'leaves no page of a missing or broken user file' {
        Set-UserFile $PWD/broken.yaml "users: [a]`n"

        { Export-PgEdgeAccessReview $page -Path nowhere.yaml } | Should -Throw -ErrorId 'UserFileNotFound,*'
        { Export-PgEdgeAccessReview $page -Path ./broken.yaml } | Should -Throw -ErrorId 'UserFileInvalid,*'

        Test-Path $page | Should -BeFalse
    }
}
